"""Identifiers: unguessable for what people create, derived for what policies create."""

from __future__ import annotations

from uuid import UUID, uuid4, uuid5


def new_id() -> UUID:
    """A random id (UUID version 4, 122 random bits, RFC 9562)."""
    return uuid4()


def derived_id(cause: UUID, *names: str) -> UUID:
    """The id that `cause` leads to under `names`: the same each time it is worked out (UUID version 5)."""
    return uuid5(cause, "/".join(names))
