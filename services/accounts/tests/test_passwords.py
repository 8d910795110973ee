"""Password hashes: nobody's takes as long as somebody's, and is made when it is first needed."""

from __future__ import annotations

from typing import Literal

import pytest
from argon2 import PasswordHasher

from services.accounts.application.passwords import Passwords


class Counting(PasswordHasher):
    """Counts what it works out."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.worked = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """As its parent, counted."""
        self.worked += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        """As its parent, counted."""
        self.worked += 1
        return super().verify(hash, password)


class TestAMatch:
    def test_costs_nothing_before_the_first(self) -> None:
        """Every command that opens the accounts' database makes one of these."""
        hasher = Counting()
        Passwords(hasher)
        assert hasher.worked == 0

    @pytest.mark.parametrize("is_known", [True, False])
    def test_takes_as_long_for_nobody_as_for_somebody(self, is_known: bool) -> None:
        """The first one too: who comes first pays for nobody's hash, whoever it is."""
        stored = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("дұрыс") if is_known else ""
        hasher = Counting()
        passwords = Passwords(hasher)
        worked = []
        for _ in range(2):
            assert passwords.match(stored, "дұрыс") == is_known
            worked.append(hasher.worked)
        assert worked == [2, 3]
