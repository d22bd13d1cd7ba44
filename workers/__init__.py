"""Processes and transactions: when things happen, and in which unit of work."""
