"""Tests that make trouble and look at what is left of the promises."""
