"""What people read: the words of every finding and every clause, in Japanese and English.

Tables only; nothing here decides.
"""
