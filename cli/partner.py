"""`qorgan partner`: make an agency's virtual host, make its keys, and be the agency (the reference client)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.partner_client import AgencyKeys, Incoming, NotOursError, PartnerClient
from services.referrals.partners.provisioning import RABBITMQCTL, ProvisioningError, provision_virtual_host

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
    """Prints what comes, opened and verified; answers by itself if told to. Ctrl-C ends."""
    own = AgencyKeys.from_private(json.loads(keys.read_text()))
    with PartnerClient(url, agency, own, json.loads(ours.read_text())) as client:
        out.print(f"listening as {client.me} (Ctrl-C ends)", soft_wrap=True)
        try:
            _listen(client, accept=accept or complete_with is not None, outcome=complete_with, seconds=seconds)
        except KeyboardInterrupt:
            out.print("ended")


def _listen(client: PartnerClient, *, accept: bool, outcome: str | None, seconds: float | None) -> None:
    while True:
        try:
            for incoming in client.take(seconds if seconds is not None else 1):
                out.print_json(
                    data={"id": incoming.id, "kind": incoming.kind, "referral": incoming.referral, **incoming.data}
                )
                if incoming.kind == "requested":
                    _answer(client, incoming, accept=accept, outcome=outcome)
        except NotOursError as error:
            out.print(f"[red]a message was not taken[/red]: {error}")
        for refusal in client.refusals():
            out.print_json(data={"refused": dict(refusal)})
        if seconds is not None:
            return


def _answer(client: PartnerClient, incoming: Incoming, *, accept: bool, outcome: str | None) -> None:
    if accept:
        client.answer(incoming, "accepted", {})
        out.print(f"accepted {incoming.referral}", soft_wrap=True)
    if outcome is not None:
        client.answer(incoming, "completed", {"outcome": outcome})
        out.print(f"completed {incoming.referral}: {outcome}", soft_wrap=True)
