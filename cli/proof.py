"""`qorgan proof`: what whoever reported checks at home, with no server: does my report still stand, unaltered?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from shared.audit.check import public_key_of
from shared.audit.filing import CheckedProof, Fault, MalformedError, check_proof, compare

app = typer.Typer(help="Check a proof of filing (docs/proof.md).", no_args_is_help=True)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)


@app.callback()
def proof() -> None:
    """So that `check` stays a command of its own."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The proof, as the API gave it")],
    against: Annotated[Path | None, typer.Option(help="A newer proof of the same report")] = None,
    key: Annotated[list[str] | None, typer.Option(help="NAME=BASE64 of a public key to trust; repeat for each")] = None,
) -> None:
    """Checks it with no server, no database and no network; exit code 1 where anything is wrong."""
    try:
        trusted = dict(public_key_of(one) for one in key) if key else None
    except ValueError:
        raise typer.BadParameter("a key is NAME=BASE64 of 32 bytes", param_hint="--key") from None
    earlier = check_proof(_content(file), trusted)
    _show(file, earlier, earlier.faults)
    faults = list(earlier.faults)
    if against is not None:
        newer = _content(against)
        later = check_proof(newer, trusted)
        _show(against, later, later.faults)
        if not faults and not later.faults:
            found = _compared(earlier, later, newer)
            _show_faults(f"{file} -> {against}", found)
            faults += found
        faults += later.faults
    if faults:
        raise typer.Exit(1)


def _compared(earlier: CheckedProof, later: CheckedProof, newer: bytes) -> list[Fault]:
    try:
        return compare(earlier, later, newer)
    except MalformedError as error:
        return [Fault(where=error.where, code="malformed")]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        err.print(f"{file}: {type(error).__name__}")
        raise typer.Exit(1) from None


def _show(file: Path, checked: CheckedProof, faults: list[Fault]) -> None:
    for event in checked.events:
        out.print(f"{event.leaf.topic} · {event.leaf.log}:{event.leaf.position}", highlight=False)
    said = "pinned" if checked.is_pinned else "came with the file: compare it with what the school or a witness shows"
    out.print(f"key {checked.key_name}: SHA-256 {checked.fingerprint} ({said})", highlight=False)
    if checked.checkpoint is not None:
        signed = checked.checkpoint
        out.print(f"checkpoint {signed.origin}, {signed.size}: {signed.root.hex()}", highlight=False)
    _show_faults(str(file), faults)


def _show_faults(what: str, faults: list[Fault]) -> None:
    if not faults:
        out.print(f"[green]✓ {what}: it stands in the ledger, unaltered[/green]")
    for fault in faults:
        out.print(f"[red]✗ {what}: {fault.where}: {fault.code}[/red]")
