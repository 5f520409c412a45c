"""Vesper's face: windows and tray over the core. It paints states and sends commands; see docs/architecture.md."""
