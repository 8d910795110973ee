"""Prints histories, changes and what verification found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.auditing.differences import changes
from cli.auditing.houses import AuditHouse, Auditor
from cli.auditing.matter import Matter, MatterEvent
from cli.auditing.names import names_of
from cli.auditing.sentences import Sentences, moment
from cli.auditing.verify import Verified, size_of, verify_services
from cli.auditing.witnessed import Witnesses, check_witnessed

BOOKKEEPING = ("modified_on", "version")


def show_history(
    house: AuditHouse, history: Sequence[MatterEvent], auditor: Auditor, out: Console, language: str
) -> Sentences:
    """Prints events one by one: when, what, who, under which rule; gives what says them."""
    say = Sentences(language, names_of(house, history, auditor))
    for event in history:
        mark = "" if event.is_sound else f"[red]✗ {say.label('not_sound')}[/red] "
        said = say.erased if event.is_erased else say.what(event.recorded.topic, event.facts)
        out.print(f"{mark}[bold]{moment(event.at, language)}[/bold] {escape(said)}")
        rules = say.under(event.facts)
        details = [say.who(event.recorded.actor), *([f"{say.label('rule')} {rules}"] if rules else [])]
        recorded = f"{say.label('recorded')} {event.recorded_at.isoformat(timespec='microseconds')}"
        out.print(
            f"    {escape(' · '.join(details))} [dim]· {recorded} · {event.service}:{event.recorded.id}[/dim]",
            soft_wrap=True,
        )
    return say


def show_changes(
    house: AuditHouse, matter: Matter, since: datetime, until: datetime, say: Sentences, out: Console
) -> None:
    """Prints the state that differs between two moments."""
    table = Table(title=say.label("state"))
    for name in ("of", "what", "before", "after"):
        table.add_column(say.label(name), overflow="fold")
    for change in changes(house, matter, since, until):
        before, after = say.value(change.before), say.value(change.after)
        if before != after and change.name not in BOOKKEEPING:
            of = f"{say.value(change.kind.lower())} {say.value(str(change.stream))}"
            table.add_row(of, ".".join(say.value(part) for part in change.name.split(".")), before, after)
    out.print(table)


def verify_with_bar(
    house: AuditHouse, out: Console, language: str, *, quiet: bool = False, witnesses: Witnesses | None = None
) -> Verified:
    """Verifies every ledger with a progress bar, and what `witnesses` saw; prints the outcome unless `quiet`."""
    say = Sentences(language)
    columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as progress:
        bar = progress.add_task("", total=size_of(house))

        def tell(log: str, done: int) -> None:
            progress.update(bar, description=log, advance=done)

        verified = verify_services(house, tell)
        if witnesses is not None:
            verified.findings.extend(check_witnessed(house, witnesses))
        progress.update(bar, description=say.label("verified"))
    if not quiet:
        _show_verified(verified, say, out)
    return verified


def _show_verified(verified: Verified, say: Sentences, out: Console) -> None:
    totals = verified.totals
    counts = {
        "logs": verified.logs,
        "events": totals.events,
        "opened": totals.opened,
        **({"erased": totals.erased} if totals.erased else {}),
        "public_events": totals.public_events,
        "checkpoints": totals.checkpoints,
    }
    line = ", ".join(f"{say.label(name)} {count}" for name, count in counts.items())
    if verified.destroyed:
        line += f", {say.label('destroyed')} {' '.join(sorted(map(str, verified.destroyed)))}"
    if verified.is_sound:
        out.print(f"[green]✓ {say.label('sound')}[/green]: {line}")
        return
    out.print(f"[red]✗ {say.label('damaged')}[/red]: {line}")
    table = Table()
    for name in ("log", "tenant", "position", "fault"):
        table.add_column(say.label(name), overflow="fold")
    for one in verified.findings:
        position = f"{one.position}–{one.through}" if one.through else str(one.position)
        detail = f" ({one.detail})" if one.detail else ""
        table.add_row(one.log, str(one.tenant), position, say.fault(one.code) + detail)
    out.print(table)
