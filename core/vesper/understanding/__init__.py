"""From a sentence to intents and slots, and from the same sentences to the recogniser's grammar."""
