"""The rules of a case; no framework but `shared.domain` and the rule book of `shared.regulation`."""
