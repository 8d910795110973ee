"""`qorgan restore`: what an operator does once a service's database was put back from an older backup.

Every log gets a new incarnation by an event, so that no number is given twice and listeners can go on; see
docs/decisions/0008-restored-logs.md and deploy/runbooks/restore.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.auditing.printing import verify_with_bar
from cli.house import House
from cli.opening import opened_home, operator
from cli.restoring.fence import ServiceAtWorkError, nobody_else_at_work
from cli.restoring.witnesses import lost_beyond
from shared.ids import derived_id
from shared.ledger.checkpoint_log import CheckpointLog
from shared.ledger.restorations import Restorations
from shared.ledger.witness import WitnessRefusedError, WitnessState
from shared.messaging.restoring import Restored, Restoring
from shared.runners.follower import Follower
from shared.runners.parts import ServiceApp

out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
COLUMNS = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


def restore(
    service: Annotated[str, typer.Option(help="The service whose database was put back, for example cases")],
    incident: Annotated[
        str,
        typer.Option(help="Your name for what happened, such as 2026/17; under one name nothing is done twice"),
    ],
    reason: Annotated[str, typer.Option(help="Why it was put back; it stands in the ledger")],
    witnessed: Annotated[
        list[Path] | None, typer.Option(help="A witness's file, which may know what is lost; repeat for each")
    ] = None,
    home: Annotated[Path, typer.Option("--home", help="Folder of the embedded suite")] = Path("var/demo"),
) -> None:
    """Opens a new incarnation of every log of a service whose database was put back from an older backup."""
    if not incident.strip() or not reason.strip():
        raise typer.BadParameter("an incident has a name, and a reason", param_hint="--incident, --reason")
    states = [_state(path) for path in witnessed or []]
    with opened_home(home) as house:
        if service not in house.services:
            raise typer.BadParameter(f"a service is one of {', '.join(house.services)}", param_hint="--service")
        try:
            with nobody_else_at_work(house.services[service].database):
                _restore(house, house.services[service], incident, reason, states)
        except ServiceAtWorkError as error:
            _refuse(f"{service} is at work ({error}): stop its processes first")


def _restore(house: House, source: ServiceApp, incident: str, reason: str, states: Sequence[WitnessState]) -> None:
    journal = Restorations(house.settings.keys_folder / "incarnations", source.name)
    listeners = [one for one in house.services.values() if source.name in one.parts.listens_to]
    restoring = Restoring(
        source=source, listeners=listeners, journal=journal, incident=incident, reason=reason, by=operator()
    )
    if restoring.is_done():
        out.print(f"{source.name}: restored already in incident {incident}; nothing is left to do", markup=False)
        return
    if not verify_with_bar(replace(house, services={source.name: source}), out, "en").is_sound:
        _refuse("what was put back is damaged: put back another copy; nothing was changed")
    restored = _all(restoring)
    # Only now: tombstones are published, under numbers that nobody has had.
    destroyed = source.application.destroy_again(operator())
    if destroyed:
        out.print(f"{destroyed} keys that were destroyed since the backup are destroyed again")
    _say_in_checkpoint_log(house, source, incident, states)
    journal.finish(incident)
    _show(source.name, restored)
    _what_next(source.name, [one.name for one in listeners])


def _all(restoring: Restoring) -> list[Restored]:
    tenants = restoring.tenants()
    restored = []
    with Progress(*COLUMNS, console=out) as progress:
        bar = progress.add_task("incarnations", total=len(tenants))
        for tenant in tenants:
            one = restoring.restore(tenant)
            restored += [one] if one else []
            progress.advance(bar)
    return restored


def _say_in_checkpoint_log(house: House, source: ServiceApp, incident: str, states: Sequence[WitnessState]) -> None:
    """The checkpoint log, of which witnesses see more than they see of any other, says itself that it was restored."""
    parts = source.application.parts
    log = CheckpointLog(source.database, source.name, house.platform, parts.tenant_keys)
    lost = [one for state in states for one in lost_beyond(house, source, log, state)]
    restoration = derived_id(house.platform, "restoration", source.name, incident)
    entry = log.enter_restoration(restoration, lost, operator().id)
    Follower(source, house.woken[source.name][1]).checkpoint()
    out.print(f"{log.log}: {entry.kept} entries were kept")
    for first, last, known_by in entry.lost:
        out.print(f"[red]lost[/red]: entries {first}–{last} of {log.log}, seen by {known_by}")


def _show(service: str, restored: Sequence[Restored]) -> None:
    table = Table(title=f"{service}: {len(restored)} logs restored")
    for name in ("tenant", "incarnation", "size", "last number kept", "told again", "lost"):
        table.add_column(name, overflow="fold")
    for one in restored:
        lost = "; ".join(f"{known['from']}–{known['to']} ({known['known_by']})" for known in one.lost)
        numbers = (one.generation, one.size, one.last_number_kept, one.told_again)
        table.add_row(str(one.tenant), *map(str, numbers), lost or "nothing that is known of")
    out.print(table)


def _what_next(service: str, listeners: Sequence[str]) -> None:
    out.print("What to do now:")
    steps = [f"start the processes of {service}"]
    steps += [f'qorgan lanes reconcile --service {one} --source {service} --reason "…"' for one in listeners]
    steps += ['each witness, once you told it: qorgan witness accept-restore --state FILE --reason "…"']
    steps += ["qorgan audit verify"]
    for place, step in enumerate(steps, 1):
        out.print(f"  {place}. {step}", markup=False, highlight=False)


def _state(path: Path) -> WitnessState:
    try:
        state = WitnessState.of(json.loads(path.read_text(encoding="utf-8")))
        state.check()
    except (OSError, ValueError, WitnessRefusedError) as error:
        raise typer.BadParameter(f"{path}: {error}", param_hint="--witnessed") from None
    return state


def _refuse(why: str) -> None:
    err.print(why, markup=False)
    raise typer.Exit(1)
