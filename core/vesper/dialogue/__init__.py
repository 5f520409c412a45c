"""A typed turn: an utterance in, an understood plan, its answer out."""
