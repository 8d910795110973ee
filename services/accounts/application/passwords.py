"""Password hashes (argon2id, RFC 9106), worked out where they do not hold up the service's other calls."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")


class Passwords:
    """Hashes and checks passwords; with no hash to check against it takes as long as with one."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hash(self, password: str) -> str:
        """The hash to store."""
        return _beside_the_hub(lambda: self._hasher.hash(password))

    def match(self, hash: str, password: str) -> bool:
        """Whether the password is the one of that hash; of an empty hash none is."""
        return _beside_the_hub(lambda: self._matches(hash, password)) and bool(hash)

    @cached_property
    def _nobodys(self) -> str:
        """Takes a tenth of a second, and most who open the accounts' databases sign nobody in."""
        return self._hasher.hash("nobody's password")

    def _matches(self, hash: str, password: str) -> bool:
        nobodys = self._nobodys  # whoever comes first waits for it, somebody as nobody
        try:
            return self._hasher.verify(hash or nobodys, password)
        except (VerificationError, InvalidHashError):
            return False


def _beside_the_hub(work: Callable[[], T]) -> T:
    """Does slow work in a real thread where eventlet runs this process: else it stops every other call for 100 ms."""
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is None or not patcher.is_monkey_patched("thread"):
        return work()
    from eventlet import tpool

    done: T = tpool.execute(work)
    return done
