"""Which method does which command: the mark, and how an application finds what is marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from shared.domain import Command

H = TypeVar("H", bound=Callable[..., Any])


def handles(command: type[Command]) -> Callable[[H], H]:
    """Marks the method that does a command."""

    def mark(method: H) -> H:
        method.handles_command = command  # type: ignore[attr-defined]
        return method

    return mark


def handlers_of(application: Any) -> Iterator[tuple[type[Command], Callable[[Any, Any], Any]]]:
    """The commands that an application does, each with its bound method."""
    for name in dir(type(application)):
        command = getattr(getattr(type(application), name), "handles_command", None)
        if command is not None:
            yield command, getattr(application, name)
