"""`qorgan lanes`: what each listener waits for, and what an operator may do about it, each with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from cli.opening import opened_home, operator, read_home
from shared.messaging.envelope import ForgedError, PublicEvent, moment, open_event
from shared.messaging.lane_commands import LaneRefusedError, LaneState, Pull, event_of, lane_of, lanes_of
from shared.messaging.lane_commands import retry as retry_lane
from shared.messaging.lane_commands import skip as skip_event
from shared.messaging.pages import PAGE
from shared.messaging.pull import heads_page, pull_page
from shared.messaging.reconciling import Reconciled, Reconciling
from shared.runners.parts import ServiceApp

app = typer.Typer(help="Lanes of public events: list, retry, skip one event, reconcile with a restored source.")
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", help="Folder of the embedded suite, for example var/demo")]
HOME = Path("var/demo")
Service = Annotated[str, typer.Option("--service", help="The listening service")]
Source = Annotated[str, typer.Option("--source", help="The service that it listens to")]
Tenant = Annotated[UUID, typer.Option("--tenant", help="The school or agency")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the listening service's ledger")]


@app.callback(invoke_without_command=True)
def list_lanes(
    context: typer.Context,
    home: Home = HOME,
    all_lanes: Annotated[bool, typer.Option("--all", help="Those too that wait for nothing")] = False,
) -> None:
    """Lists the lanes that wait or stand still: what for, since when, how often they were tried."""
    if context.invoked_subcommand is not None:
        return
    with read_home(home) as house:
        lanes = [lane for service in house.services.values() for lane in lanes_of(service)]
    waiting = [lane for lane in lanes if lane.reason]
    _show(lanes if all_lanes else waiting)
    stopped = sum(lane.is_stopped for lane in waiting)
    out.print(f"{len(lanes)} lanes, {len(waiting)} wait, {stopped} of them stand still until somebody acts")


@app.command()
def retry(service: Service, source: Source, tenant: Tenant, reason: Reason, home: Home = HOME) -> None:
    """Has a lane tried again at once; what stopped it stops it again, if it is still so."""
    with _to_act(home, service, source, reason) as (listener, _):
        was = retry_lane(listener, source, tenant, operator(), reason)
    out.print(f"{service} of {source}, {tenant}: tried again; it waited for {was.reason}", markup=False)


@app.command()
def skip(
    service: Service,
    source: Source,
    tenant: Tenant,
    number: Annotated[int, typer.Option("--number", help="The public event's number: the lane's next")],
    reason: Reason,
    home: Home = HOME,
) -> None:
    """Settles exactly one public event, the lane's next, without any effect."""
    with _to_act(home, service, source, reason) as (listener, telling):
        if lane_of(listener, source, tenant).number + 1 != number:
            raise LaneRefusedError("not_the_next_number")
        event = event_of(_pull_of(telling), tenant, number)
        skip_event(listener, event, operator(), reason)
    out.print(f"{service} of {source}, {tenant}: {number} ({event.heard.type}) was skipped", markup=False)


@app.command()
def reconcile(
    service: Service,
    source: Source,
    reason: Reason,
    tenant: Annotated[UUID | None, typer.Option("--tenant", help="One school or agency; all, if none is named")] = None,
    home: Home = HOME,
) -> None:
    """Leads lanes into the new incarnation of a source that was restored (`qorgan restore`)."""
    refused = 0
    with _to_act(home, service, source, reason) as (listener, telling):
        pull = _pull_of(telling)
        reconciling = Reconciling(listener=listener, source=source, pull=pull, by=operator(), reason=reason)
        tenants = [tenant] if tenant else _tenants(listener, telling)
        for one in tenants:
            try:
                for done in reconciling.reconcile(one):
                    _show_reconciled(done)
            except LaneRefusedError as error:
                refused += 1
                err.print(f"[red]✗ {error.code}[/red]: {service} of {source}, {one}")
    out.print(f"{len(tenants)} lanes looked at, {refused} refused")
    if refused:
        raise typer.Exit(1)


def _tenants(listener: ServiceApp, source: ServiceApp) -> list[UUID]:
    """Those of the listener's lanes, and those that it has not heard of yet."""
    found = {lane.tenant for lane in lanes_of(listener) if lane.source == source.name}
    after: UUID | None = None
    while page := heads_page(source, after):
        found |= {UUID(tenant) for tenant, *_ in page}
        after = UUID(page[-1][0])
    return sorted(found)


@contextmanager
def _to_act(home: Path, service: str, source: str, reason: str) -> Iterator[tuple[ServiceApp, ServiceApp]]:
    """The listening service and its source; exit code 1, and the code, for what is refused."""
    if not reason.strip():
        raise typer.BadParameter("an act has a reason", param_hint="--reason")
    with opened_home(home) as house:
        listener = house.services.get(service)
        if listener is None or source not in listener.parts.listens_to:
            raise typer.BadParameter(f"{service} does not listen to {source}", param_hint="--service, --source")
        try:
            yield listener, house.services[source]
        except (LaneRefusedError, ForgedError) as error:
            err.print(f"[red]✗ {getattr(error, 'code', 'forged')}[/red]: {service} of {source}")
            raise typer.Exit(1) from None


def _pull_of(source: ServiceApp) -> Pull:
    """As the source's door answers: its signature is checked here as anywhere."""

    def pull(tenant: UUID, after: int) -> list[PublicEvent]:
        page = pull_page(source, tenant, after, PAGE)
        return [open_event(message, source.name, source.public_keys) for message in page]

    return pull


def _show(lanes: list[LaneState]) -> None:
    table = Table()
    for name in ("service", "source", "tenant", "number", "waits for", "since", "attempts", "next attempt"):
        table.add_column(name, overflow="fold")
    for lane in lanes:
        again = "" if lane.is_stopped else _time(lane.retry_at)
        waits = f"[red]{lane.reason}[/red]" if lane.is_stopped else lane.reason
        numbers = (str(lane.number), waits, _time(lane.since), str(lane.attempts or ""), again)
        table.add_row(lane.service, lane.source, str(lane.tenant), *numbers)
    if lanes:
        out.print(table)


def _time(microseconds: int | None) -> str:
    if microseconds is None:
        return ""
    return moment(microseconds).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _show_reconciled(done: Reconciled) -> None:
    out.print(f"{done.tenant}: {done.from_number} → {done.to_number}", markup=False)
    for what, ranges in (
        ("handled now", done.handled),
        ("handled here, unknown to the source now", done.lost),
        ("told again, was handled here", done.told_before),
    ):
        if ranges:
            out.print(f"    {what}: {', '.join(f'{first}–{last}' for first, last in ranges)}", markup=False)
