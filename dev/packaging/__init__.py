"""The command `unilife package`: builds the zip that a cloud runs, from compatible wheels, pruned, compiled, reproducible and smoke-tested."""
