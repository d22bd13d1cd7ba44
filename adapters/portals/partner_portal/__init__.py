"""The partner portal (advisory services, benefits, membership), reached over the bridge."""
