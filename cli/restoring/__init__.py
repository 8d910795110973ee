"""What `qorgan restore` and `qorgan lanes` are made of."""
