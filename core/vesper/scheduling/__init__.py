"""What is due when: pure rules, and the one keeper that waits for them."""
