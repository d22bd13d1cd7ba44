"""Everything a person may do: actions, and the command line thin over them."""
