"""Audit bundles: a case's matter as one file that anybody can check without us."""
