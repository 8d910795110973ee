"""The only thing on HTTP: turns requests into calls of services and their answers into responses."""
