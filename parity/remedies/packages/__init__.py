"""What a project has to declare, or an image to install, of packages of others."""
