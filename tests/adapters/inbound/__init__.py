"""Bytes from outside: every way in, every charset, every broken thing."""
