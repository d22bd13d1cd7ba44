"""Numbered migrations, forward only; the newest leads to the tables of today."""
