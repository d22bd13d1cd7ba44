"""Faults made on purpose: each has to make a test fail."""
