"""The ways in that listen: receive, parse, record, acknowledge. Formats are the adapters'."""
