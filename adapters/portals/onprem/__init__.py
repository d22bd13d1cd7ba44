"""The on-premises portal, reached over the bridge."""
