"""What is promised, on one page, and a machine that tries to make the code break it."""
