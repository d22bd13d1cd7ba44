"""What is sent by nobody sane: nothing crashes, hangs or is dropped without a word."""
