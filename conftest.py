"""Loads the tree's pytest plugin for every test, in `tests/` and beside the code."""

pytest_plugins = ["shared.testing.plugin", "shared.testing.ledger", "shared.testing.toy_services"]
