"""`qorgan tenant`: all that is kept of a school or an agency, exported; or destroyed, for good (deploy/runbooks)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.auditing.houses import AuditRefusedError, auditor_of
from cli.house import House
from cli.keeping.destruction import check_persons, check_tenant, destroy
from cli.keeping.exporting import TenantExport
from cli.opening import opened_home
from shared.domain import DomainError, UnknownError

app = typer.Typer(help="Export or destroy all that is kept of a school or an agency.", no_args_is_help=True)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
COLUMNS = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())

Home = Annotated[Path, typer.Option("--home", help="Folder of the embedded suite, for example var/demo")]
HOME = Path("var/demo")
Tenant = Annotated[UUID, typer.Argument(help="The school's or agency's id")]


@app.command()
def export(
    tenant: Tenant,
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write; made if it is not there")],
    password_file: Annotated[
        Path | None, typer.Option(help="File with the password in its first line; else asked for")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Leave the files unprotected: anybody can read them")] = False,
    home: Home = HOME,
) -> None:
    """Writes all that is kept of a tenant: each case as `audit export` does, each service's events, register, people.

    It is recorded in the tenant's access logs before anything is written.
    """
    password = None if plain else _password(password_file)
    with _house(home) as house:
        check_tenant(house, tenant)
        if house.services["accounts"].application.parts.tenant_keys.is_destroyed(tenant):
            raise UnknownError(what="tenant")
        exported = TenantExport(
            house=house,
            tenant=tenant,
            auditor=auditor_of(house, None, None),
            folder=output,
            password=password,
        )
        with Progress(*COLUMNS, console=err) as progress:
            bar = progress.add_task("files", total=None)
            names = []
            for name in exported.write():
                names.append(name)
                progress.update(bar, advance=1)
    out.print(f"{output}: {len(names)} files" + (" [red]unprotected[/red]" if plain else ""))


@app.command("destroy")
def destroy_one(
    tenant: Tenant,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the ledger. Name no person in it")],
    by: Annotated[UUID, typer.Option("--by", help="Id of the administrator who destroys")],
    approved_by: Annotated[UUID, typer.Option("--approved-by", help="Id of the safeguarding lead who approved it")],
    home: Home = HOME,
) -> None:
    """Destroys a tenant: every key of it in every service. It can't be taken back. Interrupted, run it again."""
    with _house(home) as house:
        check_tenant(house, tenant)
        who, approver = check_persons(house, tenant, by, approved_by)
        ends = []
        with Progress(*COLUMNS, console=err) as progress:
            bar = progress.add_task("services", total=len(house.services))
            for done in destroy(house, tenant, who, approver, reason):
                ends.append(done.complete_at)
                progress.update(bar, advance=1)
    last = max(one for one in ends if one is not None)
    out.print(f"{tenant} is destroyed; complete when the last backup of its keys expires: {last:%Y-%m-%d %H:%M} UTC")


@contextmanager
def _house(home: Path) -> Iterator[House]:
    """The house; exit code 1, and the code, for what is refused."""
    try:
        with opened_home(home) as house:
            yield house
    except DomainError as error:
        err.print(f"[red]✗[/red] {' '.join([error.code, *map(str, error.facts.values())])}")
        raise typer.Exit(1) from None
    except AuditRefusedError as error:
        err.print(str(error))
        raise typer.Exit(1) from None


def _password(file: Path | None) -> str:
    if file is None:
        return str(typer.prompt("password", hide_input=True, confirmation_prompt=True, err=True))
    first = file.read_text(encoding="utf-8").splitlines()[:1]
    if not first or not first[0]:
        raise typer.BadParameter("the password's file is empty", param_hint="--password-file")
    return first[0]
