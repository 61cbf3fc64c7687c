"""What the simulated interpreter holds: values, names, modules, frames, and what failed or is in doubt."""
