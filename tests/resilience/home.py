"""An embedded suite whose one process may be killed and started again, at the same address."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import subprocess
from collections import namedtuple
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import requests

from shared.testing.private_servers import free_port
from shared.testing.waiting import wait_until
from tests.support.suites import ADMIN_LOGIN, QORGAN, RunningSuite

START_SECONDS = 300.0
IDS = {"tenant", "stream", "cause"}
SCHEMAS = ("ledger.", "messages.", "read.")


class Home:
    """A home and the process that serves it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("QORGAN_")}
        self.environment["QORGAN_PASSWORD"] = secrets.token_urlsafe(16)
        self._process: subprocess.Popen[bytes] | None = None
        self.department = json.loads(
            self.qorgan("found", "Жаңақала қаласының білім басқармасы", "--login", ADMIN_LOGIN)
        )

    def start(self) -> None:
        """Serves the home and returns when all services answer."""
        command = [str(QORGAN), "up", "--home", str(self.folder), "--port", str(self.port), "--rehearse"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, env=self.environment, stdin=quiet, stdout=quiet, stderr=quiet)
        wait_until(self._answers, START_SECONDS, "the home's API to answer", pause_seconds=0.1)

    def kill(self) -> None:
        """Ends the process with SIGKILL: at whatever it is doing."""
        if self._process is not None:
            assert self._process.poll() is None, f"it had ended by itself with {self._process.returncode}"
            self._process.kill()
            self._process.wait()
            self._process = None

    def qorgan(self, *arguments: str) -> str:
        """What a `qorgan` command prints of this home."""
        done = subprocess.run(
            [QORGAN, *arguments, "--home", str(self.folder)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}: {done.stdout} {done.stderr}"
        return done.stdout

    def rows(self, service: str, statement: str, **values: Any) -> list[Any]:
        """What a statement finds in a service's file, for all tenants; ids are UUIDs."""
        for schema in SCHEMAS:
            statement = statement.replace(schema, "")
        with closing(sqlite3.connect(self.folder / "data" / f"{service}.db", timeout=30)) as connection:
            found = connection.execute(statement, values)
            names = [column[0] for column in found.description]
            row = namedtuple("Row", names)  # type: ignore[misc] # as SQLAlchemy's rows: a tuple with the query's names
            return [
                row(*(UUID(value) if name in IDS and value else value for name, value in zip(names, one, strict=True)))
                for one in found
            ]

    def as_suite(self) -> RunningSuite:
        """The home as journeys know it."""
        return RunningSuite(
            address=self.address,
            home=self.folder,
            keys=self.folder / "keys",
            clock_file=self.folder / "clock",
            environment=self.environment,
            department=self.department,
            password=self.environment["QORGAN_PASSWORD"],
        )

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/api/v1/health", timeout=5).ok
        except requests.ConnectionError:
            return False
