"""A partner's own ITSM connector to Office and on-premises support, simulated."""
