"""Vesper's tests: unit, contract, property, desktop, end_to_end, crash, structure; `support` is what they share."""
