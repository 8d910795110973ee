"""The README's table of routes is the code's."""

from __future__ import annotations

from pathlib import Path

from services.gateway.api.routes import Route
from services.gateway.bootstrap import AREAS

README = Path(__file__).parents[1] / "README.md"


def row_of(route: Route) -> str:
    """A route's line in the table."""
    described = route.body or route.query
    names = [
        f"`{field.data_key or name}`{'' if field.required else '?'}"
        for name, field in (described().fields if described else {}).items()
    ]
    return f"| {route.method} | `{route.path}` | `{route.call}` | {', '.join(names)} |"


class TestTheTableOfRoutes:
    def test_is_that_of_the_code(self) -> None:
        """Each area has its heading, and each route a line, in the code's order."""
        written = [
            line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith(("| GET", "| POST"))
        ]
        assert written == [row_of(route) for routes, _ in AREAS.values() for route in routes]
