"""Vesper's core: everything but the window. It knows no Qt; see docs/architecture.md for the map."""

__version__ = "0.1.0"
