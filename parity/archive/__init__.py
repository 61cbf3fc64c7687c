"""Images as archives: what `docker save`, `podman save` and the OCI image layout hold. Nothing is unpacked or run."""
