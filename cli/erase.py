"""`qorgan erase`: a closed case with its reports and referrals, asked for by one person, approved by another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress

from cli.auditing.houses import AuditRefusedError
from cli.opening import opened_home
from services.gateway.languages import LANGUAGES, load_all
from shared.domain import DomainError

app = typer.Typer(help="Erase what the law says must go; the ledger still verifies.", no_args_is_help=True)
out, err = Console(), Console(stderr=True)

Home = Annotated[Path, typer.Option("--home", help="Folder of the embedded suite, for example var/demo")]
By = Annotated[UUID, typer.Option("--by", help="The id of the person who does this")]
Language = Annotated[str, typer.Option(help="kk, ru or en: of what is answered")]
HOME = Path("var/demo")


@app.command()
def request(
    case: Annotated[UUID, typer.Argument(help="The case's id; its reports and referrals go with it")],
    by: By,
    basis: Annotated[str, typer.Option(help="The law or the request, for example 'Закон РК № 94-V, ст. 18'")],
    reason: Annotated[str, typer.Option(help="A word more, without names")] = "",
    home: Home = HOME,
    language: Language = "en",
) -> None:
    """Asks for the erasure of a closed case: the school's head does. Prints the erasure's id, for who approves it."""
    from cli.erasing import request_erasure

    with _refusals(language), opened_home(home) as house:
        erasure, counts = request_erasure(house, case, by, basis=basis, reason=reason)
    out.print_json(data={"erasure": str(erasure), "streams": counts})


@app.command()
def approve(
    erasure: Annotated[UUID, typer.Argument(help="What `qorgan erase request` printed")],
    by: By,
    home: Home = HOME,
    language: Language = "en",
) -> None:
    """Approves an erasure and carries it out: the department's safeguarding lead does. It can't be taken back.

    Broken off, the same command goes on where it was.
    """
    from cli.erasing import approve_erasure

    with _refusals(language), opened_home(home) as house, Progress(console=err) as progress:
        complete_at = approve_erasure(house, erasure, by, progress)
    out.print_json(data={"erasure": str(erasure), "complete_at": complete_at.isoformat(timespec="seconds")})


@app.command("list")
def show(
    home: Home = HOME,
    ids: Annotated[bool, typer.Option("--ids", help="Only their ids, the latest last: for scripts")] = False,
) -> None:
    """Lists erasures: where each is, who asked, who approved, how many streams."""
    from cli.erasing import erasure_ids, erasures_table

    with opened_home(home) as house:
        if ids:
            out.print("\n".join(map(str, erasure_ids(house))), soft_wrap=True)
        else:
            out.print(erasures_table(house))


@contextmanager
def _refusals(language: str) -> Iterator[None]:
    """Says a refusal in the asked language, and ends with exit code 1."""
    if language not in LANGUAGES:
        raise typer.BadParameter(f"a language is one of {', '.join(LANGUAGES)}", param_hint="--language")
    try:
        yield
    except DomainError as refused:
        err.print(f"[red]✗ {refused.code}[/red]: {load_all()[language].detail(refused.code, refused.facts)}")
        raise typer.Exit(1) from None
    except AuditRefusedError as refused:
        err.print(f"[red]✗[/red] {refused}")
        raise typer.Exit(1) from None
