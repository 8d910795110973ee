"""`qorgan keys`: which keys there are, and their rotation; each act is an event, with its reason (deploy/runbooks)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.house import House
from cli.keeping.inventory import Inventory, inventory, tenant_keys, tenants_with_keys
from cli.opening import opened_home, operator
from cli.settings import Settings
from services.referrals.partners.keys import SuiteKeys
from shared.domain import DomainError
from shared.ledger.key_acts import KeyAct
from shared.ledger.rotating import ReasonMissingError, record, renew_stream_key, rewrap_by_master, rotate_tenant_key
from shared.runners.parts import ServiceApp
from shared.sealing.master_keys import FolderMasterKeys
from shared.signing import SigningKey
from shared.signing_rotation import prepare_key, retire_keys, signing_file, switch, vouch

app = typer.Typer(help="Keys: which there are, and their rotation.", no_args_is_help=True)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
COLUMNS = (TextColumn("{task.description:<36}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())

Home = Annotated[Path, typer.Option("--home", help="Folder of the embedded suite, for example var/demo")]
HOME = Path("var/demo")
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the ledger. Name no person in it")]
PARTNERS = "referrals"


@app.command("list")
def show(
    home: Home = HOME,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON")] = False,
) -> None:
    """Lists the keys of every service: ids, generations, modes of files. Never key material. Looks at files only."""
    settings = Settings.from_environment() if Settings.is_in_environment() else Settings.of_home(home)
    if not settings.keys_folder.is_dir():
        _refuse(f"there is no folder of keys in {home}")
    found = inventory(settings.keys_folder)
    if json:
        out.print_json(data=found.as_json())
        return
    _show(found)


@app.command("rotate-tenant")
def rotate_tenant(
    reason: Reason,
    tenant: Annotated[UUID | None, typer.Argument(help="The school or agency; or --all")] = None,
    all_tenants: Annotated[bool, typer.Option("--all", help="Every tenant, the platform too")] = False,
    service: Annotated[list[str] | None, typer.Option(help="In this service only; repeat for each")] = None,
    home: Home = HOME,
) -> None:
    """Puts a new key in the place of a tenant's, wraps all stream keys anew, destroys the old one.

    Services may be at work meanwhile. Interrupted, run it again.
    """
    if (tenant is None) != all_tenants:
        raise typer.BadParameter("name one tenant, or --all", param_hint="TENANT")
    with _to_act(home, reason) as house, _bar() as progress:
        chosen = [
            (one, found)
            for one in _services(house, service)
            for found in tenants_with_keys(tenant_keys(house.settings.keys_folder, one.name))
            if tenant in (None, found)
        ]
        if not chosen:
            _refuse("no service has a key of this tenant")
        bar = progress.add_task("tenant keys", total=len(chosen))
        for one, found in chosen:
            for done, total in rotate_tenant_key(one.application, found, operator(), reason):
                progress.update(bar, description=f"{one.name}: {done}/{total} stream keys")
            progress.advance(bar)
    out.print(f"{len(chosen)} tenant keys were rotated, and the ones before destroyed")


@app.command("rotate-master")
def rotate_master(reason: Reason, home: Home = HOME) -> None:
    """Puts a new master key in the place of the old, wraps all tenant keys anew, destroys the old one.

    Services may be at work meanwhile. Interrupted, run it again: it goes on with the generation that was begun.
    """
    with _to_act(home, reason) as house:
        keys = house.settings.keys_folder
        masters = FolderMasterKeys(keys / "master.key")
        there = masters.generations()
        generation = max(there) if len(there) > 1 else masters.begin_generation()
        with _bar() as progress:
            for service in house.services.values():
                bar = progress.add_task(service.name, total=None)
                for done, total in rewrap_by_master(service.application, generation, operator(), reason):
                    progress.update(bar, completed=done, total=total)
        left = {
            folder.name: older
            for folder in (keys / "tenants").iterdir()
            if (older := tenant_keys(keys, folder.name).master_generations() - {generation})
        }
        if left:
            _refuse(f"still wrapped by an older master key, which stays: {', '.join(sorted(left))}; run it again")
        masters.destroy_generations_before(generation)
    out.print(f"master key: generation {generation} wraps all tenant keys, the ones before are destroyed")


@app.command("rotate-signing")
def rotate_signing(
    services: Annotated[
        list[str], typer.Argument(metavar="SERVICE...", help="The services whose signing keys are rotated")
    ],
    reason: Reason,
    prepare: Annotated[bool, typer.Option("--prepare", help="Only make the next key, and make it known")] = False,
    retire: Annotated[
        bool, typer.Option("--retire", help="Believe the keys before only for what they signed of the ledger")
    ] = False,
    home: Home = HOME,
) -> None:
    """A new signing key, for which the old one vouches before it is destroyed. Then start the service's processes anew.

    What was signed before is believed until --retire; checkpoints for good.
    """
    if prepare and retire:
        raise typer.BadParameter("either of both", param_hint="--prepare, --retire")
    step = _retire if retire else _prepare if prepare else _replace
    with _to_act(home, reason) as house:
        for service in _services(house, services):
            out.print(f"{service.name}: {step(house, service, reason)}", markup=False)
            if service.name == PARTNERS:
                out.print(f"for partners: {_tell_partners(house)}", markup=False)


def _retire(house: House, service: ServiceApp, reason: str) -> str:
    retired = retire_keys(house.settings.keys_folder, service.name)
    if retired:
        _record(house, service, KeyAct.SigningKeysRetired, reason, keys=retired)
    return f"{len(retired)} keys are believed no more in what is said now"


def _prepare(house: House, service: ServiceApp, reason: str) -> str:
    key = prepare_key(house.settings.keys_folder, service.name).id
    _record(house, service, KeyAct.SigningKeyPrepared, reason, key=key)
    return f"{key} is known to everybody, and signs nothing yet"


def _replace(house: House, service: ServiceApp, reason: str) -> str:
    before, following, note = vouch(house.settings.keys_folder, service.name)
    facts = {"previous": before.id, "key": following.id, "succession": note}
    _record(house, service, KeyAct.SigningKeyRotated, reason, **facts)
    switch(house.settings.keys_folder, service.name)
    return f"{following.id} signs where {before.id} did, which is destroyed; start its processes anew"


@app.command("renew-stream")
def renew_stream(
    service: Annotated[str, typer.Argument(help="The service whose stream it is")],
    tenant: Annotated[UUID, typer.Argument(help="The school or agency")],
    stream: Annotated[UUID, typer.Argument(help="The case, report, referral or person")],
    reason: Reason,
    home: Home = HOME,
) -> None:
    """Seals a stream's coming events under a new key, where the one before may have leaked.

    What was sealed before stays readable to whoever has the old key and a copy: see the runbook.
    """
    with _to_act(home, reason) as house:
        (one,) = _services(house, [service])
        keys = renew_stream_key(one.application, tenant, stream, operator(), reason)
    out.print(f"{service}: coming events of {stream} are sealed under a new key; it has {keys}", markup=False)


@contextmanager
def _to_act(home: Path, reason: str) -> Iterator[House]:
    """The house; exit code 1, and the code, for what is refused."""
    try:
        if not reason.strip():
            raise ReasonMissingError
        with opened_home(home) as house:
            yield house
    except DomainError as error:
        _refuse(error.code)


def _services(house: House, names: list[str] | None) -> list[ServiceApp]:
    unknown = set(names or ()) - set(house.services)
    if unknown:
        raise typer.BadParameter(f"a service is one of {', '.join(house.services)}", param_hint="SERVICE")
    return [one for name, one in house.services.items() if names is None or name in names]


def _record(house: House, service: ServiceApp, event_class: type, reason: str, **facts: object) -> None:
    record(service.application, house.platform, event_class, operator(), reason, **facts)


def _tell_partners(house: House) -> Path:
    """Writes our public keys as partners get them; gives the file."""
    keys = house.settings.keys_folder
    SuiteKeys.load(keys / "partners", SigningKey.load(signing_file(keys, PARTNERS), PARTNERS), house.public_keys)
    return keys / "partners" / "public.jwks.json"


def _show(found: Inventory) -> None:
    table = Table(title=f"master key: generations {', '.join(map(str, found.master)) or 'none'}")
    names = ("service", "signs", "prepared", "believed too", "former", "tenants", "their keys", "newest", "destroyed")
    for name in (*names, "wrapped by master"):
        table.add_column(name, overflow="fold")
    for one in found.services:
        beside = [key for key in one.believed if key not in (one.signs, one.prepared)]
        counted = map(str, (one.tenants, one.generations, one.newest, one.destroyed))
        ids = (one.signs or "-", one.prepared or "-", ", ".join(beside) or "-", ", ".join(one.former) or "-")
        table.add_row(one.service, *ids, *counted, ", ".join(map(str, one.master)) or "-")
    out.print(table)
    for path in found.readable_by_others:
        out.print(f"[red]mode is not 0600[/red]: {path}")


def _bar() -> Progress:
    return Progress(*COLUMNS, console=out)


def _refuse(why: str) -> None:
    err.print(f"[red]✗[/red] {why}")
    raise typer.Exit(1)
