"""Encryption of what is stored: keys of tenants, streams and single events."""
