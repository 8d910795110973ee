"""`qorgan partner`: make an agency's virtual host, make its keys, be the agency (the reference client), try one."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from cli.partner_client import AgencyKeys, Incoming, NotOursError, PartnerClient
from cli.partner_lines import try_by_webhook, try_over_broker
from cli.partner_sandbox import Sandbox, Verdict
from services.referrals.domain.values import AgencyKind
from services.referrals.partners.provisioning import RABBITMQCTL, ProvisioningError, provision_virtual_host
from shared.sealing.files import write_once

app = typer.Typer(help="Partner agencies: virtual hosts, keys, and the reference client.", no_args_is_help=True)
out = Console()


@app.command()
def add(
    virtual_host: Annotated[str, typer.Argument(help="The agency's own virtual host, for example police-almaly.")],
    broker: Annotated[str, typer.Option(envvar="QORGAN_PARTNER_AMQP_URL", help="Our URL of the broker, without one.")],
    management: Annotated[
        str | None, typer.Option(envvar="QORGAN_PARTNER_MANAGEMENT_URL", help="The management API, if there is one.")
    ] = None,
    rabbitmqctl: Annotated[str, typer.Option(envvar="QORGAN_RABBITMQCTL", help="How to call it.")] = RABBITMQCTL,
) -> None:
    """Makes an agency's virtual host, user and queues; prints what the agency needs to connect (once: keep it)."""
    try:
        access = provision_virtual_host(virtual_host, broker=broker, management=management, rabbitmqctl=rabbitmqctl)
    except ProvisioningError as error:
        out.print(f"[red]no virtual host was made[/red]: {error}")
        raise typer.Exit(1) from error
    out.print_json(data={"virtual_host": access.virtual_host, "user": access.user, "password": access.password})


@app.command()
def keys(
    file: Annotated[Path, typer.Option("--out", help="Where the private keys go (mode 0600); never replaced.")],
) -> None:
    """Makes an agency's two key pairs; prints the public halves, with which the agency is registered."""
    made = AgencyKeys.generate()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        out.print(f"[red]{file} is there already[/red]")
        raise typer.Exit(1) from error
    with os.fdopen(descriptor, "w") as target:
        json.dump(made.private(), target, indent=1)
    out.print_json(data=made.public())


@app.command()
def listen(
    url: Annotated[str, typer.Argument(help="The agency's URL of the broker, with its virtual host.")],
    agency: Annotated[str, typer.Option(help="The agency's id.")],
    keys: Annotated[Path, typer.Option(help="The agency's private keys, from `qorgan partner keys`.")],
    ours: Annotated[Path, typer.Option(help="Our public keys: keys/partners/public.jwks.json of the installation.")],
    accept: Annotated[bool, typer.Option("--accept", help="Accept whatever comes.")] = False,
    complete_with: Annotated[str | None, typer.Option(help="Accept, and report back with this outcome.")] = None,
    seconds: Annotated[float | None, typer.Option("--for", help="End after so many seconds.")] = None,
) -> None:
    """Prints what comes, opened and verified; answers by itself if told to. Ctrl-C ends, and so does SIGTERM."""
    own = AgencyKeys.from_private(json.loads(keys.read_text()))
    with PartnerClient(url, agency, own, json.loads(ours.read_text())) as client:
        out.print(f"listening as {client.me} (Ctrl-C ends)", soft_wrap=True)
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            _listen(client, accept=accept or complete_with is not None, outcome=complete_with, seconds=seconds)
        except KeyboardInterrupt:
            out.print("ended")
        finally:
            signal.signal(signal.SIGTERM, before)


@app.command()
def sandbox(
    folder: Annotated[Path, typer.Argument(help="Where the sandbox keeps its keys, and what your software needs.")],
    agency: Annotated[UUID, typer.Option(help="Any id; the one that your software says it is.")],
    keys: Annotated[Path | None, typer.Option(help="Your public keys, as `qorgan partner keys` prints them.")] = None,
    broker: Annotated[str | None, typer.Option(help="A virtual host of your own broker: amqp://…/name.")] = None,
    webhook: Annotated[str | None, typer.Option(help="Where your software listens for calls.")] = None,
    kind: Annotated[AgencyKind, typer.Option(help="What the agency is: its template is sent.")] = AgencyKind.POLICE,
    port: Annotated[int, typer.Option(help="Where answers to a webhook are taken.")] = 8099,
    seconds: Annotated[float, typer.Option("--for", help="How long answers are waited for.")] = 600,
) -> None:
    """Sends your software a sample referral, with no city behind it, and says what is wrong with each answer.

    Without --broker and --webhook it makes keys and says how to set your software up.
    """
    if keys is None:
        keys = folder / "agency-public.json"
        if not keys.exists():
            own = AgencyKeys.generate()
            write_once(folder / "agency-keys.json", json.dumps(own.private()).encode())
            write_once(keys, json.dumps(own.public()).encode())
    try:
        tried = Sandbox(folder, agency, json.loads(keys.read_text()), kind)
    except (OSError, ValueError, KeyError) as error:
        out.print(f"[red]no public keys of yours in {keys}[/red]: {error}", soft_wrap=True)
        raise typer.Exit(1) from error
    out.print(f"our public keys: {tried.public_file}; the webhook's secret: {tried.secret}", soft_wrap=True)
    verdicts: list[Verdict] = []

    def told(verdict: Verdict) -> None:
        verdicts.append(verdict)
        out.print(f"{'taken' if verdict.code is None else verdict.code}: {verdict.words}", soft_wrap=True, markup=False)

    if broker is not None:
        try_over_broker(tried, broker, told, seconds)
    elif webhook is not None:
        status = try_by_webhook(tried, webhook, told, port=port, seconds=seconds)
        out.print(f"your webhook: {status}", soft_wrap=True)
        if status != "taken":
            raise typer.Exit(1)
    else:
        out.print("set your software up with these, then call this again with --broker or --webhook")
        return
    if not verdicts:
        out.print("no answer came")
    if not verdicts or any(verdict.code is not None for verdict in verdicts):
        raise typer.Exit(1)


def _listen(client: PartnerClient, *, accept: bool, outcome: str | None, seconds: float | None) -> None:
    while True:
        try:
            for incoming in client.take(seconds if seconds is not None else 1):
                said = {name: value for name, value in incoming.data.items() if name != "proof"}
                out.print_json(data={"id": incoming.id, "kind": incoming.kind, "referral": incoming.referral, **said})
                if incoming.kind == "requested" and _stands(client, incoming):
                    _answer(client, incoming, accept=accept, outcome=outcome)
        except NotOursError as error:
            out.print(f"[red]a message was not taken[/red]: {error}")
        for refusal in client.refusals():
            out.print_json(data={"refused": dict(refusal)})
        if seconds is not None:
            return


def _stands(client: PartnerClient, incoming: Incoming) -> bool:
    """Says where the request stands in its school's ledger; False where what should prove it does not."""
    try:
        place = client.place(incoming)
    except NotOursError as error:
        out.print(f"[red]not in the school's ledger[/red]: {error}; ask the school before you act on it")
        return False
    if place is not None:
        out.print(f"in the ledger of school {place.school}: event {place.position} of {place.size}", soft_wrap=True)
    return True


def _answer(client: PartnerClient, incoming: Incoming, *, accept: bool, outcome: str | None) -> None:
    if accept:
        client.answer(incoming, "accepted", {})
        out.print(f"accepted {incoming.referral}", soft_wrap=True)
    if outcome is not None:
        client.answer(incoming, "completed", {"outcome": outcome})
        out.print(f"completed {incoming.referral}: {outcome}", soft_wrap=True)
