"""What is raised where a log is not what was appended to it."""

from __future__ import annotations

from uuid import UUID


class LedgerDamagedError(Exception):
    """A log is not what was appended to it: `position` is the first that differs, `code` what does."""

    def __init__(self, log: str, tenant: UUID, position: int, code: str) -> None:
        super().__init__(f"{code} at position {position} of {log} of {tenant}")
        self.log = log
        self.tenant = tenant
        self.position = position
        self.code = code
