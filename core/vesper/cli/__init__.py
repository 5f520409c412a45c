"""The words of the command line: parse, call the Assistant, print."""
