"""What Vesper can do: one file a skill, found through one list."""
