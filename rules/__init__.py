"""The article as code: facts in, verdict out; no clock, no I/O, no logging."""
