"""What each command answers; prints nothing itself."""
