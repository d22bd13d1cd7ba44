"""Bytes from outside into a support request, or Malformed; never stores anything."""
