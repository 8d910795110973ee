"""The `qorgan` command and its subcommands; cli/main.py starts it.

Every subcommand takes `--home DIR` (embedded) or its settings from the environment (distributed).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.api_client import Api, RefusedError
from cli.audit import app as audit
from cli.bench import bench
from cli.demo import play_demo
from cli.erase import app as erase
from cli.house import HomeInUseError, House
from cli.installation import found_department
from cli.keys import app as keys
from cli.lanes import app as lanes
from cli.opening import opened
from cli.partner import app as partner
from cli.proof import app as proof
from cli.rehearsal import partners_at_work
from cli.restore import restore
from cli.serving import run_roles, served, wait_for_the_end
from cli.settings import Settings, log_level
from cli.simulate import simulate
from cli.suite import ROLES
from cli.tenant import app as tenant
from cli.witness import app as witness
from shared.logging import configure_logging

DEFAULT_HOME = Path("var/demo")

app = typer.Typer(help="Qorgan: reports of violence against children, worked to their end.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(erase, name="erase")
app.add_typer(keys, name="keys")
app.add_typer(lanes, name="lanes")
app.add_typer(partner, name="partner")
app.add_typer(proof, name="proof")
app.add_typer(tenant, name="tenant")
app.add_typer(witness, name="witness")
app.command()(bench)
app.command()(restore)
app.command()(simulate)

Home = Annotated[Path, typer.Option("--home", help="Folder of the embedded suite, for example var/demo")]
out, err = Console(), Console(stderr=True)


@app.command()
def demo(
    home: Home = DEFAULT_HOME,
    once: Annotated[bool, typer.Option("--once", help="End after the play instead of serving the API")] = False,
) -> None:
    """Creates a sample city, plays one case from report to closure, shows its timeline and what verification says."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "log.jsonl").open("a", buffering=1, encoding="utf-8") as log_file:
        configure_logging("demo", log_file)
        if not play_demo(home, out, once=once):
            raise typer.Exit(1)


@app.command()
def up(
    home: Home = DEFAULT_HOME,
    port: Annotated[int, typer.Option(help="0: any free port")] = 0,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Partners of <home>/partners answer by themselves")
    ] = False,
) -> None:
    """Serves the embedded suite of a home until Ctrl-C."""
    configure_logging("up", level=log_level())
    with House.open(home) as house, served(house, port) as address:
        out.print(f"{address}/api/v1")
        if rehearse:
            with partners_at_work(home, house.settings.broker_url):
                wait_for_the_end()
            return
        wait_for_the_end()


@app.command()
def run(
    service: Annotated[str, typer.Argument(help="accounts, reports, cases, referrals, monitoring or gateway")],
    role: Annotated[str | None, typer.Option(help="door, relay, follower or clock; all of them, if not said")] = None,
    port: Annotated[int, typer.Option(help="The gateway's port")] = 8000,
    host: Annotated[str, typer.Option(help="The gateway's address")] = "127.0.0.1",
) -> None:
    """Runs one service of the distributed suite, or one role of it; settings come from the environment."""
    configure_logging(service, level=log_level())
    settings = Settings.from_environment()
    if service == "gateway":
        _run_gateway(settings, host, port)
        return
    if role is not None and role not in ROLES:
        raise typer.BadParameter(f"a role is one of {', '.join(ROLES)}", param_hint="--role")
    house = House.build(settings, [service])
    if service not in house.services:
        raise typer.BadParameter("there is no such service", param_hint="SERVICE")
    run_roles(house, service, ROLES if role is None else (role,))


def _run_gateway(settings: Settings, host: str, port: int) -> None:
    from services.gateway.bootstrap import build
    from services.gateway.service import serve
    from services.gateway.settings import Settings as GatewaySettings
    from shared.messaging.rpc import RpcPool
    from shared.messaging.transport import nameko_config

    serve(build(GatewaySettings(), RpcPool(nameko_config(settings.broker_url))), host, port, threads=16)


@app.command()
def install(
    admin_url: Annotated[str, typer.Option(envvar="QORGAN_ADMIN_URL", help="A superuser's URL to PostgreSQL")],
) -> None:
    """Makes the services' databases, roles and tables on PostgreSQL, where they are missing."""
    House.build(Settings.from_environment(), []).install(admin_url)
    out.print("installed")


@app.command()
def found(
    name: Annotated[str, typer.Argument(help="The department's name, for example 'Жаңақала білім басқармасы'")],
    login: Annotated[str, typer.Option(help="Its administrator's login name")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Registers the first department and its administrator; the password is read from QORGAN_PASSWORD or asked for."""
    password = os.environ.get("QORGAN_PASSWORD") or typer.prompt("password", hide_input=True, confirmation_prompt=True)
    with opened(home) as house:
        out.print_json(data=found_department(house, name, login, password))


@app.command()
def report(
    file: Annotated[
        Path, typer.Argument(help="A report as JSON, fields as in POST /api/v1/reports, and `school`: its id")
    ],
    home: Home = DEFAULT_HOME,
    school: Annotated[str | None, typer.Option(help="The school's id, where the file does not say it")] = None,
    language: Annotated[str, typer.Option(help="kk, ru or en: of what is answered")] = "kk",
    login: Annotated[str | None, typer.Option(help="File as this person (QORGAN_PASSWORD), else anonymously")] = None,
) -> None:
    """Files a report from a JSON file: prints its id, or what is wrong field by field."""
    configure_logging("report")
    data = _json(file)
    tenant = school or data.pop("school", None)
    data.pop("school", None)
    if tenant is None:
        raise typer.BadParameter("name the school: --school ID, or `school` in the file", param_hint="--school")
    with _api_of(home) as address:
        _file_report(Api(address, tenant=tenant, language=language), data, login)


@contextmanager
def _api_of(home: Path) -> Iterator[str]:
    """The API's address: QORGAN_API, else of the process that has the home; served here, where there is none."""
    if address := os.environ.get("QORGAN_API"):
        yield address
        return
    with ExitStack() as stack:
        try:
            house = stack.enter_context(opened(home))
        except HomeInUseError as used:
            if used.address is None:
                raise
            yield used.address
            return
        yield stack.enter_context(served(house))


def _file_report(api: Api, data: dict[str, Any], login: str | None) -> None:
    try:
        if login:
            api = api.sign_in(login, os.environ["QORGAN_PASSWORD"], tenant=api.tenant or "")
        out.print_json(data=api.post("/reports", data))
    except RefusedError as refused:
        err.print_json(data=dict(refused.problem))
        raise typer.Exit(1) from None


def _json(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise typer.BadParameter(f"there is no file {file}", param_hint="FILE") from None
    except (UnicodeDecodeError, ValueError) as error:
        raise typer.BadParameter(f"{file} is not JSON in UTF-8: {type(error).__name__}", param_hint="FILE") from None
    if not isinstance(data, dict):
        raise typer.BadParameter(f"{file} holds no JSON object", param_hint="FILE")
    return data


def main() -> None:
    """Entry point; what it writes is for its owner only, wherever the home lies."""
    os.umask(0o077)
    try:
        app()
    except HomeInUseError as error:
        err.print(f"{error}" + (f"; it serves {error.address}" if error.address else ""))
        sys.exit(1)
