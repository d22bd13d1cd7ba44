"""The Azure support API, reached through the official client."""
