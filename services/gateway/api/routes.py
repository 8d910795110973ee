"""A route as data: an address, the service's method behind it, and the schemas that describe both sides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marshmallow import Schema

_IN_PATH = re.compile(r"{(\w+)}")


@dataclass(frozen=True, kw_only=True)
class Route:
    """`path` names ids as the service's fields are named: `/cases/{case}/team`; `call` is `service.method`.

    `items` is the name under which a list is answered; `creates` the address of what a command makes, with a name of
    its answer in it; `anonymous` routes work without a session; `nameless` ones look at none, so that
    no service is told who asks. `asks_in_body`: a question whose fields are secret, and stand in no address.
    """

    method: str
    path: str
    call: str
    summary: str
    answer: type[Schema]
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    items: str | None = None
    creates: str | None = None
    anonymous: bool = False
    nameless: bool = False
    asks_in_body: bool = False

    @property
    def service(self) -> str:
        """Whose token the call needs."""
        return self.call.partition(".")[0]

    @property
    def is_command(self) -> bool:
        """Whether it changes something."""
        return self.method == "POST" and not self.asks_in_body

    @property
    def status(self) -> int:
        """The status of its success."""
        return 201 if self.creates else 200

    @property
    def ids(self) -> Sequence[str]:
        """The ids in its path."""
        return _IN_PATH.findall(self.path)

    @property
    def operation(self) -> str:
        """Its name in OpenAPI; a method behind two addresses has two."""
        return ("partner_" if self.path.startswith("/partner/") else "") + self.call.replace(".", "_")

    @property
    def made(self) -> str:
        """What its answer calls the id of what it makes; empty where that has no address of its own."""
        return "".join(_IN_PATH.findall(self.creates or ""))

    @property
    def rule(self) -> str:
        """Its path in Flask's notation."""
        return _IN_PATH.sub(r"<id:\1>", self.path)


def command(
    path: str,
    call: str,
    summary: str,
    body: type[Schema] | None = None,
    *,
    answer: type[Schema],
    creates: str | None = None,
    anonymous: bool = False,
    nameless: bool = False,
) -> Route:
    """A route that asks for a change."""
    return Route(
        method="POST",
        path=path,
        call=call,
        summary=summary,
        body=body,
        answer=answer,
        creates=creates,
        anonymous=anonymous or nameless,
        nameless=nameless,
    )


def question(
    path: str,
    call: str,
    summary: str,
    answer: type[Schema],
    *,
    query: type[Schema] | None = None,
    items: str | None = None,
    nameless: bool = False,
) -> Route:
    """A route that changes nothing."""
    return Route(
        method="GET",
        path=path,
        call=call,
        summary=summary,
        answer=answer,
        query=query,
        items=items,
        anonymous=nameless,
        nameless=nameless,
    )


def secret_question(
    path: str, call: str, summary: str, body: type[Schema], *, answer: type[Schema], nameless: bool = False
) -> Route:
    """A question whose fields must not stand in an address: those are written down."""
    return Route(
        method="POST",
        path=path,
        call=call,
        summary=summary,
        body=body,
        answer=answer,
        anonymous=nameless,
        nameless=nameless,
        asks_in_body=True,
    )
