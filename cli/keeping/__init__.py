"""What `qorgan keys` and `qorgan tenant` are made of."""
