"""What callers ask of us, by chapter."""
