"""A spoken turn: listening, the dialogue in the middle, speaking."""
