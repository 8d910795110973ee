"""`make demo`: a sample city, a case played in it, its timeline, what verification says, then the API until Ctrl-C."""

from __future__ import annotations

import secrets
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.api_client import RefusedError
from cli.audit import print_replay, verify_house
from cli.house import House
from cli.installation import found_department
from cli.rehearsal import partners_at_work
from cli.serving import served, wait_for_the_end
from cli.story import texts
from cli.story.city import City, CityMaker, administrator_of
from cli.story.main_case import Story, StoryError
from shared.clock import ShiftedClock


def play_demo(home: Path, out: Console, *, once: bool) -> bool:
    """Whether all of it held: the play, and the verification of every ledger."""
    with House.open(home) as house, served(house) as address:
        city = open_city(house, home, address, out)
        with partners_at_work(home, house.settings.broker_url):
            case = play_with_progress(Story(city), out)
        held = case is not None
        if case is not None:
            print_replay(house, case, out, language="kk")
        house.checkpoint()
        held = verify_house(house, out) and held
        if once or not held:
            return held
        _say_what_next(out, address, city)
        wait_for_the_end()
        return held


def open_city(house: House, home: Path, address: str, out: Console) -> City:
    """The home's city, made on the first run; everybody is signed in."""
    if not isinstance(house.clock, ShiftedClock):
        raise TypeError("a sample city lives by a clock that can be shifted, as an embedded home's can")
    file = home / "city.json"
    if file.exists():
        city = City.load(file, house.clock)
    else:
        password = secrets.token_urlsafe(16)
        founded = found_department(house, texts.DEPARTMENT, "administrator", password)
        with out.status(texts.DEPARTMENT):
            maker = CityMaker(administrator_of(address, founded, password), founded["department"], house.clock, home)
            city = maker.make(provision=lambda _: None)
        city.save(file)
    city.sign_in(address)
    return city


def play_with_progress(story: Story, out: Console) -> str | None:
    """Plays the story with a bar for its steps; the case's id, None where something did not hold."""
    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=out) as progress:
        bar = progress.add_task("", total=len(story.steps))
        try:
            for title in story.play():
                progress.update(bar, description=title)
                progress.advance(bar)
        except (RefusedError, TimeoutError, StoryError) as error:
            progress.stop()
            out.print(f"[red]✗[/red] {progress.tasks[0].description}: {error}")
            return None
    return story.case


def _say_what_next(out: Console, address: str, city: City) -> None:
    table = Table(title=f"{texts.DEPARTMENT}: {address}/api/v1 (Ctrl-C)", show_header=True)
    for column in ("school / agency", "id"):
        table.add_column(column)
    for place in (*city.schools, *city.agencies.values()):
        table.add_row(place.name, str(place.id))
    out.print(table)
    out.print(f".venv/bin/qorgan report docs/examples/report.json --school {city.schools[1].id}", soft_wrap=True)
