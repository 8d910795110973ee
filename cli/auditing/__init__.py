"""What `qorgan audit` does, apart from the command line itself."""
