"""The roles Vesper needs filled, as protocols, and the values that cross them. No port imports an engine."""
