"""Simulated portals over real HTTP; imports nothing of ours."""
