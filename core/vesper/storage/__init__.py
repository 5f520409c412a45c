"""The encrypted file that keeps what the user entrusts to Vesper."""
