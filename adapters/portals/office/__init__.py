"""The Office portal, reached over the bridge."""
