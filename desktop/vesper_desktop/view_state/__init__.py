"""What the windows show, as values: states, and reducers that make the next one from an event. No Qt here."""
