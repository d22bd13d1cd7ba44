"""Outside parties: translate and carry; knows neither ledger nor settings."""
