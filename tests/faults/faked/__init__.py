"""A folder for the PYTHONPATH of processes whose wall clock is false."""
