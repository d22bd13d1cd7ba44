"""Where our messages go out; never decides what is said."""
