"""Sound before it is language: the audio thread, the ring buffer, and the pure deciders over frames."""
