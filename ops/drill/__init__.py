"""`toritsugi drill`: load and trouble on the embedded set, and a count of what became of it."""
