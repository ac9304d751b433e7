"""`unilife package`: the zip that a cloud runs, built from wheels that fit it, pruned, compiled, reproducible and tried out."""
