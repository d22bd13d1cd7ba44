"""What is known, in SQL; the only package that speaks it."""
