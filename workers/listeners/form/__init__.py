"""The way in by a form: pages in Japanese and English for people who file a request themselves."""
