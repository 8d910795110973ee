"""What several of the tests in `tests/` share."""
