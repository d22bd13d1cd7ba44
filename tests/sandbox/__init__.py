"""Tests of the simulated portals."""
