"""The `qorgan` command: what people who run, found, audit or try the suite type."""
