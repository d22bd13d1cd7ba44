"""The command line: one noun a file, thin over `ops.answers` and `ops.actions`."""
