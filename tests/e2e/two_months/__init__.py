"""Two months of the demo played step by step: every kind of message as it first arrives, for `docs/two-months.md`."""
