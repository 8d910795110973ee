"""The rows of the benchmark: each measures one thing and its anchor in turn, in the same minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cli.benching.comparing import Row
from cli.benching.ground import Ground
from cli.benching.rows.appends import appends, long_log, many_tenants
from cli.benching.rows.messages import messages
from cli.benching.rows.pages import pages
from cli.benching.rows.reads import replay, verification

# Messages first: PostgreSQL tidies up a million rows for minutes, and that is not what the row is about.
GROUPS: Sequence[tuple[str, Callable[[Ground], Iterator[Row]]]] = (
    ("messages", messages),
    ("appends", appends),
    ("a long log", long_log),
    ("verification and proofs", verification),
    ("replay", replay),
    ("pages", pages),
    ("many tenants", many_tenants),
)
