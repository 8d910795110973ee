"""Why a file does not come in."""

from __future__ import annotations


class RefusedFileError(Exception):
    """`reason`: `type_not_allowed`, `damaged`, `active` (it could do something), `encrypted`, `bomb` (too large)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
