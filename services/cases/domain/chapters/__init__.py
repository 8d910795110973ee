"""The chapters of a case: each holds the events, the decisions and the state of one part of its life."""
