"""The portals of Microsoft support, one folder each, behind one port."""
