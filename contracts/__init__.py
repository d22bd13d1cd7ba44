"""Messages that cross a process border; imports nothing of ours."""
