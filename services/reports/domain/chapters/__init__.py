"""The chapters of a report: parts of the aggregate, each with its events, decisions and applies."""
