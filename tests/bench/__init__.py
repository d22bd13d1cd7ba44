"""The benchmark, its parts and one tiny run."""
