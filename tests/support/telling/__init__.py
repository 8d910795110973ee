"""How stories are told over the API, watched as they go, and replayed: what `tests/journeys/stories` is played by."""
