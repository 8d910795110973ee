"""Prints what the check of an exported file found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.auditing.sentences import Sentences, moment
from shared.audit.check import Checked
from shared.audit.protection import is_protected, unprotect


def read_bundle(file: Path, password: Callable[[], str]) -> bytes:
    """The bundle in a file; `password` is asked for where it is protected. Raises OSError, WrongPasswordError."""
    content = file.read_bytes()
    return unprotect(content, password()) if is_protected(content) else content


def show_check(checked: Checked, out: Console, language: str) -> None:
    """Prints each event as a sentence, each fault by log and position, and the keys that were believed."""
    say = Sentences(language)
    wrong = {(fault.log, fault.position) for fault in checked.faults}
    for event in sorted(checked.events, key=lambda one: one.recorded_at):
        happened = (event.facts or {}).get("timestamp")
        at = datetime.fromisoformat(happened) if happened else datetime.fromtimestamp(event.recorded_at / 1e6, UTC)
        mark = "[red]✗[/red]" if (event.log, event.position) in wrong else "[green]✓[/green]"
        rules = say.under(event.facts)
        details = " · ".join([say.who(event.actor), *([f"{say.label('rule')} {rules}"] if rules else [])])
        out.print(f"{mark} [bold]{moment(at, say.language)}[/bold] {escape(say.what(event.topic, event.facts))}")
        out.print(f"    {escape(details)} [dim]· {event.log}:{event.position}[/dim]", soft_wrap=True)
    for key in checked.keys:
        said = say.label("key_pinned" if key.pinned else "key_came_with_the_file")
        out.print(f"{say.label('key')} {key.name}: SHA-256 {key.fingerprint} ({said})", soft_wrap=True)
    for signed in checked.checkpoints:
        out.print(f"{say.label('checkpoint')} {signed.origin}, {signed.size}: {signed.root.hex()}", soft_wrap=True)
    if not checked.faults:
        out.print(f"[green]✓ {say.label('sound')}[/green]")
        return
    table = Table(title=say.label("damaged"), title_style="red")
    for name in ("log", "position", "fault"):
        table.add_column(say.label(name))
    for fault in checked.faults:
        position = f"{fault.position}–{fault.through}" if fault.through else str(fault.position)
        table.add_row(fault.log, position, say.fault(fault.code))
    out.print(table)
