"""The aggregates of prevention and the rules that they keep."""
