"""`qorgan witness`: keeps what it saw of an installation's checkpoint logs, cosigns, and refuses a fork or a rollback.

The department, an auditor or a partner runs it on a machine of its own, against a house or against a file or address
that a house's operator publishes (`qorgan witness offer`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.request import urlopen

import typer
from rich.console import Console

from shared.ledger.public_key import PublicKey
from shared.ledger.witness import Offer, WitnessRefusedError, WitnessState, offers_as_json, offers_of
from shared.ledger.witness_restore import Acceptance, accept_restore, check_accepted
from shared.signing import SigningKey

if TYPE_CHECKING:
    from cli.house import House

app = typer.Typer(
    help="Witness the checkpoint logs of an installation; refuse a fork or a rollback.", no_args_is_help=True
)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", help="Folder of the embedded suite, for example var/demo")]
State = Annotated[Path, typer.Option("--state", help="The witness's own file; its key is beside it, as FILE.key")]
HOME = Path("var/demo")
SECONDS = 30.0


@app.command()
def update(
    state: State,
    home: Home = HOME,
    source: Annotated[
        str | None, typer.Option("--from", help="A file or http address that `offer` wrote, instead of a house")
    ] = None,
    name: Annotated[str, typer.Option(help="The witness's name, used once, when its file is made")] = "witness",
) -> None:
    """Fetches the newest checkpoints, verifies that each continues the last one seen, cosigns and keeps them.

    Exit code 1, and both checkpoints, where one does not.
    """
    signer, witness = _witness(state, name)
    offers = _fetched(source) if source else _of_house(home, witness)
    news, refused = witness.update(offers, signer, int(time.time()))
    _save(state, witness)
    out.print(f"{witness.witness.name}: {len(offers)} logs, {news} cosigned anew, {len(refused)} refused")
    _tell(refused)


@app.command()
def offer(
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write")],
    home: Home = HOME,
    since: Annotated[Path | None, typer.Option(help="The state of the witness that it is for")] = None,
) -> None:
    """Writes the newest checkpoints to a file, with proofs that they continue what a witness has seen."""
    witness = _read(since) if since else WitnessState(witness=PublicKey(name="", raw=bytes(32)))
    offers = _of_house(home, witness, restored=True)
    output.write_text(json.dumps(offers_as_json(offers), sort_keys=True, indent=1) + "\n", encoding="utf-8")
    out.print(f"{output}: {len(offers)} logs")


@app.command()
def check(
    states: Annotated[list[Path], typer.Argument(help="States of witnesses")],
) -> None:
    """Checks witnesses' states offline: every signature and proof, and that all were shown the same history."""
    try:
        read = [_read(path) for path in states]
        for one in read:
            one.check()
            check_accepted(one)
        alike = sum(one.compare(other) for at, one in enumerate(read) for other in read[at + 1 :])
    except WitnessRefusedError as refused:
        _tell([refused])
        return
    for one in read:
        kept = sum(len(log.seen) for log in one.logs.values())
        restored = sum(len(log.restored) for log in one.logs.values())
        if restored:
            out.print(f"{one.witness.name}: {restored} restorations were accepted by its operator")
        out.print(f"{one.witness.name}: {len(one.logs)} logs, {kept} checkpoints, each continues the one before")
    if len(read) > 1:
        out.print(f"{alike} checkpoints were seen alike, none in two ways")


@app.command("accept-restore")
def accept(
    state: State,
    reason: Annotated[str, typer.Option(help="Why you believe it, and who told you: kept in the file")],
    home: Home = HOME,
    source: Annotated[
        str | None, typer.Option("--from", help="A file or http address that `offer --since STATE` wrote")
    ] = None,
) -> None:
    """Accepts that a log was put back and restored: what was seen beyond stays in the file, with the log's own word.

    Only what the log itself says (`qorgan restore`) can be accepted. Ask its operator first, by another way.
    """
    signer, witness = _witness(state, "")
    offers = _fetched(source) if source else _of_house(home, witness, restored=True)
    accepted, refused = 0, []
    for one in offers:
        try:
            acceptance = accept_restore(witness, one, signer, int(time.time()), reason)
        except WitnessRefusedError as error:
            if error.code != "nothing_to_accept":
                refused.append(error)
            continue
        accepted += 1
        _show_acceptance(acceptance)
    _save(state, witness)
    out.print(f"{witness.witness.name}: {accepted} restored logs accepted, {len(refused)} refused")
    _tell(refused)


@app.command()
def key(state: State) -> None:
    """Prints a witness's public key as NAME=BASE64, for `qorgan audit verify --witness-keys`."""
    public = _read(state).witness.as_json()
    out.print(f"{public['name']}={public['public_key']}")


def _witness(state: Path, name: str) -> tuple[SigningKey, WitnessState]:
    """The witness of a state file; made, with a key of its own, where there is none."""
    path = state.with_name(f"{state.name}.key")
    if not state.exists():
        state.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            SigningKey.generate(name).save(path)
        signer = SigningKey.load(path, name)
        public = PublicKey(name=name, raw=signer.public_key.public_bytes_raw())
        return signer, WitnessState(witness=public)
    found = _read(state)
    return SigningKey.load(path, found.witness.name), found


def _read(path: Path) -> WitnessState:
    try:
        return WitnessState.of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        err.print(f"{path}: {error}")
        raise typer.Exit(1) from None


def _save(path: Path, witness: WitnessState) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(json.dumps(witness.as_json(), sort_keys=True, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def _fetched(source: str) -> list[Offer]:
    try:
        if source.startswith(("http://", "https://")):
            with urlopen(source, timeout=SECONDS) as answer:
                return offers_of(answer.read())
        return offers_of(Path(source).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        err.print(f"{source}: {error}")
        raise typer.Exit(1) from None


def _of_house(home: Path, witness: WitnessState, *, restored: bool = False) -> list[Offer]:
    """`restored`: proofs begin where a restored log and what the witness saw part."""
    from shared.ledger.checkpoint_log import log_name
    from shared.ledger.witness_offer import offer_of, size_in_common
    from shared.signing_rotation import successions

    offers: list[Offer | None] = []
    with _house(home) as house:
        for service in house.services.values():
            public = PublicKey(name=service.key_name, raw=service.signing_key.public_key.public_bytes_raw())
            log = log_name(service.name)
            led = successions(house.public_keys.folder, public.name)
            offered = offer_of(service.database, house.platform, log, public, witness.last_size, led)
            if restored and offered is not None and offered.restored is not None:
                common = size_in_common(service.database, house.platform, log, witness)
                sizes = {offered.origin: common}.__getitem__
                offered = offer_of(service.database, house.platform, log, public, sizes, led)
            offers.append(offered)
    return [one for one in offers if one is not None]


@contextmanager
def _house(home: Path) -> Iterator[House]:
    """The house of the environment or of the home, whose checkpoints are made first where nobody serves it."""
    from cli.house import HomeInUseError, House, locked
    from cli.opening import require_home
    from cli.settings import Settings

    require_home(home)
    is_served = Settings.is_in_environment()
    house = House.build(Settings.from_environment() if is_served else Settings.of_home(home))
    try:
        if not is_served:
            try:
                with locked(home):
                    house.checkpoint()
            except HomeInUseError:
                pass  # its own followers make them
        yield house
    finally:
        house.close()


def _tell(refused: list[WitnessRefusedError]) -> None:
    """Prints what was refused with both checkpoints, and ends with exit code 1 where anything was."""
    for one in refused:
        err.print(f"[red]✗ {one.code}[/red]: {one.origin}")
        _show("seen", one.seen)
        _show("offered", one.offered)
    if refused:
        raise typer.Exit(1)


def _show_acceptance(accepted: Acceptance) -> None:
    entry = accepted.entry
    out.print(f"{accepted.origin}: restored, says the log itself (restoration {entry.restoration})", markup=False)
    out.print(
        f"    what was seen holds through size {accepted.base}; {entry.kept} entries were found when it was restored"
    )
    out.print(f"    given up, and kept in this file: sizes {', '.join(map(str, accepted.abandoned)) or 'none'}")


def _show(what: str, note: str) -> Any:
    if note:
        _, size, root, *_ = [*note.split("\n"), "", "", ""]
        err.print(f"    {what}: size {size}, root {root}", markup=False)
