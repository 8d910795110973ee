"""Who else must help a child, what they were told, and what came of it (REF)."""
