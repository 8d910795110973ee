"""How commands open a house, and who is at the keyboard."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import typer
from rich.console import Console

from cli.house import HomeInUseError, House
from cli.settings import Settings
from shared.domain import Actor


@contextmanager
def opened(home: Path) -> Iterator[House]:
    """The house of the environment, or of the home, which no other process may have. Raises HomeInUseError."""
    if not Settings.is_in_environment():
        with House.open(home) as house:
            yield house
        return
    house = House.build(Settings.from_environment())
    try:
        yield house
    finally:
        house.close()


@contextmanager
def opened_home(home: Path) -> Iterator[House]:
    """As `opened`, but makes no home where there is none: exit code 1."""
    require_home(home)
    with opened(home) as house:
        yield house


@contextmanager
def read_home(home: Path) -> Iterator[House]:
    """As `opened_home`, but a home that another process has is read beside it."""
    require_home(home)
    with ExitStack() as stack:
        try:
            house = stack.enter_context(opened(home))
        except HomeInUseError:
            house = House.build(Settings.of_home(home))
            stack.callback(house.close)
        yield house


def require_home(home: Path) -> None:
    """Ends the command with exit code 1 where neither the environment nor the folder has a house."""
    if not Settings.is_in_environment() and not (home / "data").is_dir():
        Console(stderr=True).print(f"there is no home in {home}")
        raise typer.Exit(1)


def operator() -> Actor:
    """Whoever runs the command on this machine, by the account's name."""
    return Actor(id=f"operator:{getpass.getuser()}")
