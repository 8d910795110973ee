"""The rules of prevention, each a statement that is true when kept; one refusal each; by chapter."""
