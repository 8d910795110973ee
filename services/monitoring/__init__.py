"""How well prevention works; see README.md."""
