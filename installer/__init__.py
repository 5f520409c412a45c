"""Brings everything Vesper needs and starts it or its tests; standard library only, Python 3.9 and newer."""
