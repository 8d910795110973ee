"""The seeded simulation: the real parts of the suite on one thread, under faults that a seed decides."""
