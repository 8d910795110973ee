"""Passwords: only the right one matches, and nobody's takes as long as somebody's."""

from __future__ import annotations

from services.accounts.tests.world import CHEAP


def test_match_their_own_hash_only() -> None:
    """Letters of the Kazakh alphabet included."""
    hashed = CHEAP.hash("әғқңөұүһі")
    assert hashed.startswith("$argon2id$")
    assert CHEAP.match(hashed, "әғқңөұүһі")
    assert not CHEAP.match(hashed, "әғқңөұүһи")


def test_match_nothing_where_there_is_no_hash() -> None:
    """Not even the words that stand in for nobody's password."""
    for password in ("", "nobody's password"):
        assert not CHEAP.match("", password)
    assert not CHEAP.match("torn", "әғқ")
