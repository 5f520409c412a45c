"""What every other package stands on: errors, events, clock, tasks, settings, paths, language, logs."""
