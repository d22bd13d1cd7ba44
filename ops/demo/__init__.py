"""The demonstration: everything embedded, requests through every way in, and a proof at the end."""
