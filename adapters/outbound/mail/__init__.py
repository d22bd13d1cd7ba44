"""Answers by mail: the words, the form to fill in, the headers. Sends nothing."""
