"""Tests of adapters.outbound."""
