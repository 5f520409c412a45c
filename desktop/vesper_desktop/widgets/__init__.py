"""What the windows are made of: each paints values and signals what the user does."""
