"""Messages: what is read, what is refused, what is never shown."""
