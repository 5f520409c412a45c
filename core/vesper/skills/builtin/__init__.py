"""The skills that come with Vesper. None knows another."""
