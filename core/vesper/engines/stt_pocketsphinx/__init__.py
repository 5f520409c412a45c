"""Speech to text in the box: pocketsphinx with the command graph and the English model of its own wheel."""
