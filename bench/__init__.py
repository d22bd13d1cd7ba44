"""The benchmark: the whole pipeline, stream in to event out, in real processes on this machine.

Stands above all other packages and is imported by none. Never measures a part by itself.
"""
