"""What `qorgan bench` measures, and with what: rows, worker processes, a toy service of its own."""
