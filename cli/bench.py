"""`qorgan bench`: how fast it is, against anchors measured beside it, on the servers that the tests use too."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.benching.comparing import Row
from cli.benching.ground import Scale, ground

FULL = Scale(name="full", rounds=7, seconds=1.2, log=1_000_000, tenants=500, messages=200)
QUICK = Scale(name="quick", rounds=4, seconds=0.4, log=100_000, tenants=100, messages=100)
SMOKE = Scale(name="smoke", rounds=1, seconds=0.2, log=5_000, tenants=10, messages=10)

out, err = Console(), Console(stderr=True)


def bench(
    quick: Annotated[bool, typer.Option("--quick", help="In two minutes, with shorter logs and rounds")] = False,
    smoke: Annotated[bool, typer.Option("--smoke", help="Only whether it runs: the ratios mean nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON")] = False,
    postgres: Annotated[
        str, typer.Option(envvar="QORGAN_TEST_POSTGRES_URL", help="A superuser's URL to PostgreSQL")
    ] = "postgresql://postgres@127.0.0.1:5432/postgres",
    amqp: Annotated[
        str, typer.Option(envvar="QORGAN_TEST_AMQP_URL", help="RabbitMQ")
    ] = "amqp://guest:guest@127.0.0.1:5672/",
    only: Annotated[str, typer.Option(help="Only groups of rows whose name has this in it")] = "",
    plot: Annotated[
        Path | None, typer.Option(help="Instead: draw append time over log length and tenants into this SVG file")
    ] = None,
) -> None:
    """Measures what the design is held to, each row against its anchor in turn, and shows the ratios."""
    # What its processes are told is ours alone: the suite that the environment may describe is not touched.
    for name in [name for name in os.environ if name.startswith("QORGAN_") and not name.startswith("QORGAN_TEST_")]:
        del os.environ[name]
    scale = SMOKE if smoke else QUICK if quick else FULL
    if plot is not None:
        from cli.benching.plot import curves, svg_of

        stands_on = ground(postgres, amqp, scale)
        try:
            plot.write_text(svg_of(*curves(stands_on)), encoding="utf-8")
        finally:
            stands_on.close()
        return
    rows = _measured(scale, postgres, amqp, only)
    if as_json:
        print(json.dumps([row.as_json() for row in rows], indent=2))
    else:
        out.print(_table(rows))


def _measured(scale: Scale, postgres: str, amqp: str, only: str) -> list[Row]:
    from cli.benching.rows import GROUPS  # all that is measured: nothing that other commands should wait for

    rows: list[Row] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    groups = [(name, measure) for name, measure in GROUPS if only in name]
    stands_on = ground(postgres, amqp, scale)
    try:
        with Progress(*columns, console=err) as progress:
            task = progress.add_task("", total=len(groups))
            for name, measure in groups:
                progress.update(task, description=name)
                for row in measure(stands_on):
                    rows.append(row)
                    progress.console.print(f"{_mark(row)} {row.name}: {row.ratio:.2f} ({_bound(row)})")
                progress.advance(task)
    finally:
        stands_on.close()
    return rows


def _table(rows: Sequence[Row]) -> Table:
    table = Table("", "What", "Measured", "Anchor", "Ratio", "Must be")
    for row in rows:
        table.add_row(
            _mark(row), row.name, _figure(row.measured, row.unit), _figure(row.anchor, row.unit), f"{row.ratio:.2f}",
            _bound(row),
        )  # fmt: skip
    return table


def _mark(row: Row) -> str:
    return "✓" if row.holds else "✗"


def _bound(row: Row) -> str:
    return f"{'≤' if row.at_most else '≥'} {row.bound:g}"


def _figure(value: float, unit: str) -> str:
    if unit.startswith("s"):
        return f"{value * 1000:.2f} m{unit}"
    if unit == "bytes":
        return f"{value / 1_000_000:.0f} MB"
    return f"{value:,.0f} {unit}"
