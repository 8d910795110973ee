"""How services hear of each other: the relay, signed envelopes, lanes with their inboxes, and the filler of gaps."""
