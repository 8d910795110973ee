"""`qorgan simulate`: the real parts under simulated faults, seed after seed, until one finds something."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from cli.simulating.installation import Ground
from cli.simulating.running import Played, play_all

out, err = Console(), Console(stderr=True)


def simulate(
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How many seeds")] = 300,
    first: Annotated[int, typer.Option("--from", min=0, help="The first of them; also where to go on")] = 0,
) -> None:
    """Plays seeds of the simulation; ends with 1 at the first that finds something, and says how it came to it."""
    columns = (TextColumn("seed {task.fields[seed]}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with closing(Ground()) as ground, Progress(*columns, TimeRemainingColumn(), console=err) as progress:
        task = progress.add_task("", total=seeds, seed=first)
        for played in play_all(range(first, first + seeds), ground):
            if not played.is_sound:
                progress.stop()
                _tell(played)
                raise typer.Exit(1)
            progress.update(task, advance=1, seed=played.seed, refresh=True)
    out.print(f"{seeds} seeds from {first} on: nothing found")


def _tell(played: Played) -> None:
    for step in played.last_steps:
        out.print(escape(step), highlight=False, soft_wrap=True)
    out.print(f"\nseed {played.seed}, {played.steps} steps, with {', '.join(played.faults) or 'no faults'}:")
    for finding in played.findings:
        out.print(f"✗ {escape(finding)}", style="red", highlight=False, soft_wrap=True)
    out.print(f"again: qorgan simulate --seeds 1 --from {played.seed}", highlight=False)
