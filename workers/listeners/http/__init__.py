"""The way in by HTTP: the API of requests, and the application that other pages join."""
