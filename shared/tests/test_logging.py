"""Logs hold keys from a list and plain values: no text of an exception, no record of a library, no warning gets in."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

NAME = "Әсел Құрманғалиқызы Өтегенова"
BEGIN = f"""
import logging, sys, threading, uuid, warnings
from shared.logging import configure_logging, facts_of, log

NAME = {NAME!r}

class ChildError(Exception):
    pass

def fail():
    raise ChildError(NAME)

noisy = logging.getLogger("noisy")
noisy.addHandler(logging.StreamHandler())
noisy.propagate = False
configure_logging("cases")
"""


def logged(script: str, *, fails: bool = False) -> list[dict[str, Any]]:
    """The lines that a process logs which runs `script`; neither of its outputs may hold the name."""
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", BEGIN + script], capture_output=True, check=False, text=True
    )
    assert (done.returncode != 0) == fails, done.stderr
    assert done.stdout == ""
    for part in NAME.split():
        assert part not in done.stderr
        assert json.dumps(part)[1:-1] not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


class TestALogLine:
    def test_holds_the_allowed_keys_and_no_others(self) -> None:
        """Whatever a caller adds: what is not on the list is dropped."""
        [line] = logged('log().info("case.opened", tenant="t1", count=3, name=NAME, note=NAME, payload={"x": NAME})')
        assert set(line) == {"event", "level", "timestamp", "service", "tenant", "count"}
        assert (line["event"], line["level"], line["service"]) == ("case.opened", "info", "cases")

    def test_holds_plain_values_only(self) -> None:
        """Under an allowed key an object shows its type, for nobody knows what it prints; an id shows itself."""
        [line] = logged(
            'log().info("x.done", code=ChildError(NAME), status={"name": NAME}, size=[NAME], tenant=uuid.UUID(int=1))'
        )
        assert (line["code"], line["status"], line["size"]) == ("ChildError", "dict", "list")
        assert line["tenant"] == "00000000-0000-0000-0000-000000000001"

    def test_says_which_service_logged_in_every_thread(self) -> None:
        """Threads have no context of their own."""
        [line] = logged('t = threading.Thread(target=lambda: log().info("x.done")); t.start(); t.join()')
        assert line["service"] == "cases"


class TestAnException:
    @pytest.mark.parametrize("how", ["exc_info=True", "exc_info=error", "**facts_of(error)"])
    def test_is_its_type_and_place(self, how: str) -> None:
        """Never its text, however it is given."""
        [line] = logged(f'try:\n    fail()\nexcept ChildError as error:\n    log().error("x.failed", {how})')
        assert (line["error"], line["place"].partition(":")[0]) == ("ChildError", "<string>")

    def test_by_the_exception_method_too(self) -> None:
        """`log().exception` is one more way."""
        [line] = logged('try:\n    fail()\nexcept ChildError:\n    log().exception("x.failed")')
        assert line["error"] == "ChildError"

    def test_with_a_cause_shows_nothing_of_it(self) -> None:
        """Chained exceptions have texts too."""
        [line] = logged(
            "try:\n    try:\n        fail()\n"
            "    except ChildError as error:\n        raise ValueError(NAME) from error\n"
            'except ValueError as error:\n    log().error("x.failed", exc_info=error)'
        )
        assert line["error"] == "ValueError"

    def test_that_nobody_caught_is_logged_alike(self) -> None:
        """In the main thread, where it ends the process."""
        [line] = logged("fail()", fails=True)
        assert (line["event"], line["error"]) == ("process.exception_not_caught", "ChildError")

    def test_that_nobody_caught_in_a_thread_or_a_finalizer_is_logged_alike(self) -> None:
        """Python would print the text of both."""
        lines = logged(
            "t = threading.Thread(target=fail); t.start(); t.join()\n"
            "class Dropped:\n    def __del__(self):\n        fail()\n"
            "dropped = Dropped(); del dropped"
        )
        assert [line["error"] for line in lines] == ["ChildError", "ChildError"]


class TestALibrary:
    def test_that_logs_is_named_and_its_text_dropped(self) -> None:
        """Logger, level and exception type remain."""
        lines = logged(
            'logging.getLogger("kombu.mixins").warning("lost %s", NAME)\n'
            "try:\n    fail()\nexcept ChildError:\n    logging.getLogger('sqlalchemy').exception(NAME)"
        )
        assert [(line["logger"], line["level"], line.get("error")) for line in lines] == [
            ("kombu.mixins", "warning", None),
            ("sqlalchemy", "error", "ChildError"),
        ]

    def test_that_brought_a_handler_of_its_own_loses_it(self) -> None:
        """What it would print goes the same way as all."""
        [line] = logged('noisy.error("body: %s", NAME)')
        assert line["logger"] == "noisy"

    def test_that_looks_for_a_handler_finds_ours(self) -> None:
        """Werkzeug adds one that prints every request, where none takes its level."""
        assert logged('from werkzeug._internal import _log\n_log("info", "GET /%s", NAME)') == []

    def test_that_warns_shows_no_text(self) -> None:
        """Warnings quote values, and the line of code they come from."""
        [line] = logged("warnings.warn('odd value: ' + NAME)")
        assert line["logger"] == "py.warnings"
