"""Tenants and people as the field knows them: no framework but `shared.domain`."""
