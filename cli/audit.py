"""`qorgan audit`: verify every ledger; replay one case, compare it, export it, check such an export offline."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from cli.auditing.checking import read_bundle, show_check
from cli.auditing.export import export_matter
from cli.auditing.houses import AuditHouse, Auditor, AuditRefusedError, auditor_of
from cli.auditing.matter import open_matter
from cli.auditing.printing import show_changes, show_history, verify_with_bar
from cli.auditing.sentences import LANGUAGES
from cli.auditing.witnessed import Witnesses
from shared.audit.check import check as check_bundle
from shared.audit.check import public_key_of
from shared.audit.protection import WrongPasswordError, protect
from shared.regulation import ALMATY

app = typer.Typer(help="Verify the ledgers; replay, compare, export and check one case.", no_args_is_help=True)
err = Console(stderr=True)

Home = Annotated[Path, typer.Option("--home", help="Folder of the embedded suite, for example var/demo")]
Case = Annotated[UUID, typer.Argument(help="The case's id")]
Language = Annotated[str, typer.Option(help="kk, ru or en")]
Engagement = Annotated[UUID | None, typer.Option(help="The audit engagement under which this is looked at")]
As = Annotated[UUID | None, typer.Option("--as", help="The person who looks; else the operator of this machine")]
PasswordFile = Annotated[Path | None, typer.Option(help="File with the password in its first line; else asked for")]
Witnessed = Annotated[
    list[Path] | None,
    typer.Option(envvar="QORGAN_WITNESSED", help="A witness's file (`qorgan witness update`); repeat for each"),
]
WitnessKeys = Annotated[
    Path | None, typer.Option(envvar="QORGAN_WITNESS_KEYS", help="File with a line NAME=BASE64 for each witness")
]
Cosignatures = Annotated[
    int, typer.Option(envvar="QORGAN_COSIGNATURES", min=0, help="How many witnesses must have cosigned each service")
]
HOME = Path("var/demo")


def verify_house(house: AuditHouse, out: Console, *, language: str = "en") -> bool:
    """Verifies every ledger of a house with a progress bar; prints what was found; whether nothing was."""
    return verify_with_bar(house, out, language).is_sound


def print_replay(
    house: AuditHouse,
    case: UUID | str,
    out: Console,
    *,
    language: str = "en",
    as_of: datetime | None = None,
    auditor: Auditor | None = None,
) -> None:
    """Prints every event of a case's matter as a sentence, once who reads it is recorded."""
    auditor = auditor or auditor_of(house, None, None)
    matter = open_matter(house, UUID(str(case)), auditor)
    show_history(house, matter.until(as_of), auditor, out, language)


@app.command()
def verify(
    home: Home = HOME,
    json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON")] = False,
    language: Language = "en",
    witnessed: Witnessed = None,
    witness_keys: WitnessKeys = None,
    cosignatures: Cosignatures = 0,
) -> None:
    """Verifies every ledger: exit code 1 and the positions where anything is wrong."""
    witnesses = _witnesses(witness_keys, witnessed or [], cosignatures)
    out = Console(stderr=True) if json else Console()
    with _house(home) as house:
        verified = verify_with_bar(house, out, _known(language), quiet=json, witnesses=witnesses)
    if json:
        Console().print_json(data=verified.as_json())
    if not verified.is_sound:
        raise typer.Exit(1)


@app.command()
def replay(
    case: Case,
    as_of: Annotated[str | None, typer.Option(help="Only what was recorded up to this time (ISO 8601)")] = None,
    language: Language = "en",
    engagement: Engagement = None,
    person: As = None,
    home: Home = HOME,
) -> None:
    """Tells a case as of any moment: every event in a sentence, who, what, when, under which rule."""
    moment = _moment(as_of) if as_of else None
    with _house(home) as house:
        auditor = auditor_of(house, person, engagement)
        print_replay(house, case, Console(), language=_known(language), as_of=moment, auditor=auditor)


@app.command()
def diff(
    case: Case,
    since: Annotated[str, typer.Option("--from", help="The earlier moment (ISO 8601)")],
    until: Annotated[str, typer.Option("--to", help="The later moment (ISO 8601)")],
    language: Language = "en",
    engagement: Engagement = None,
    person: As = None,
    home: Home = HOME,
) -> None:
    """Tells what changed in a case between two moments: the events between them, and the state before and after."""
    begin, end = _moment(since), _moment(until)
    with _house(home) as house:
        auditor = auditor_of(house, person, engagement)
        matter = open_matter(house, case, auditor)
        between = [event for event in matter.until(end) if event.recorded_at > begin]
        out = Console()
        names = show_history(house, between, auditor, out, _known(language))
        show_changes(house, matter, begin, end, names, out)


@app.command()
def export(
    case: Case,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write")],
    password_file: PasswordFile = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Leave the file unprotected: anybody can read the case")
    ] = False,
    engagement: Engagement = None,
    person: As = None,
    home: Home = HOME,
) -> None:
    """Exports a case as one file, all that `check` needs; protected by a password, and recorded as an event."""
    password = None if plain else _password(password_file, new=True)
    with _house(home) as house:
        content = export_matter(house, case, auditor_of(house, person, engagement))
    _write(output, content if password is None else protect(content, password))
    Console().print(f"{output}: {len(content)} bytes" + (" [red]unprotected[/red]" if plain else ""))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A file that `export` wrote")],
    key: Annotated[list[str] | None, typer.Option(help="NAME=BASE64 of a public key to trust; repeat for each")] = None,
    password_file: PasswordFile = None,
    language: Language = "en",
) -> None:
    """Checks an exported file with no server, no database and no network; exit code 1 where anything is wrong."""
    try:
        trusted = dict(public_key_of(one) for one in key) if key else None
    except ValueError:
        raise typer.BadParameter("a key is NAME=BASE64 of 32 bytes", param_hint="--key") from None
    try:
        content = read_bundle(file, lambda: _password(password_file))
    except (OSError, WrongPasswordError) as error:
        err.print(f"{file}: {type(error).__name__}")
        raise typer.Exit(1) from None
    checked = check_bundle(content, trusted)
    show_check(checked, Console(), _known(language))
    if checked.faults:
        raise typer.Exit(1)


@contextmanager
def _house(home: Path) -> Iterator[AuditHouse]:
    """The house of the environment or of the home; one that another process serves is read beside it."""
    from cli.opening import read_home

    try:
        with read_home(home) as house:
            yield house
    except AuditRefusedError as error:
        _refuse(error)


def _witnesses(keys: Path | None, states: list[Path], required: int) -> Witnesses | None:
    """The witnesses that are asked for; None where none are."""
    if keys is None and not states and not required:
        return None
    try:
        return Witnesses.read(keys, states, required)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{type(error).__name__}: {error}", param_hint="--witnessed") from None


def _refuse(error: AuditRefusedError) -> None:
    err.print(str(error))
    raise typer.Exit(1)


def _moment(text: str) -> datetime:
    """A time in ISO 8601; without an offset it is Almaty's; a date alone is its first moment."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no time in ISO 8601") from None
    return found if found.tzinfo else found.replace(tzinfo=ALMATY)


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise typer.BadParameter(f"a language is one of {', '.join(LANGUAGES)}", param_hint="--language")
    return language


def _password(file: Path | None, *, new: bool = False) -> str:
    if file is None:
        return str(typer.prompt("password", hide_input=True, confirmation_prompt=new, err=True))
    first = file.read_text(encoding="utf-8").splitlines()[:1]
    if not first or not first[0]:
        raise typer.BadParameter("the password's file is empty", param_hint="--password-file")
    return first[0]


def _write(path: Path, content: bytes) -> None:
    """Writes a file that only its owner can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
