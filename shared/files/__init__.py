"""Files from outside: what they are by their content, and what must not come in with them."""
