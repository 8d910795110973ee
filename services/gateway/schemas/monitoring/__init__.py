"""Prevention: what may be asked, and what is shown, by chapter."""
