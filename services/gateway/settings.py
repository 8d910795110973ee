"""What the gateway is told when it starts: one frozen object."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Limits of the edge; the calls themselves are configured where the RPC pool is made.

    `call_seconds` is the deadline of one call to a service, `pulse_seconds` that of asking whether it is there;
    `token_seconds` is how long a person's token (60 s) is used again, `most_tokens` how many are held.
    """

    call_seconds: float = 10.0
    pulse_seconds: float = 2.0
    longest_body: int = MEBIBYTE
    token_seconds: float = 50.0
    most_tokens: int = 10_000
