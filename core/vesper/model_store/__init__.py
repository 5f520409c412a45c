"""The models Vesper works with: which there are, where their files come from, and whether those are whole."""
