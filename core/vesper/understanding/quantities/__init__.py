"""Numbers, durations and days as people say and type them, to values. Pure: the words come from the language pack."""
