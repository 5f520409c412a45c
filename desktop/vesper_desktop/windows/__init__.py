"""The windows: each paints a state and sends commands; none holds a truth of its own."""
