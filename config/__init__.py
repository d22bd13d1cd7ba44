"""Deployment: settings and logs; knows nothing of rules or of any portal's format."""
