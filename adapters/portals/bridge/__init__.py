"""The bridge: a partner's own HTTP service that files where a portal has no public API."""
