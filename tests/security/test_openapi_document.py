"""The API against its own description: schemathesis asks all that the OpenAPI document allows, and what it does not.

Every check is on: what the document allows is not refused as invalid, what it does not allow is refused, every answer
has a described status, type and form, nothing is answered without a session that needs one, nothing fails. It asks as
a member of the school's service, as its head and as an agency's officer, about a report, a case and a referral that
are there.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.api_client import Api
from cli.story import texts
from cli.story.main_case import Story
from services.gateway.bootstrap import AREAS
from tests.support.cities import city_of
from tests.support.suites import RunningSuite, embedded_suite

ROOT = Path(__file__).resolve().parents[2]
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
EXAMPLES = 1  # of what fuzzing makes up for each operation, of what it allows and of what it does not
EACH_BOUND = "examples,coverage,fuzzing"  # the second: each bound of each field, and what lies just beyond, in order
AS_OTHERS = "examples,fuzzing"  # for those who ask after the first, of whom most is the same
SEED = 20261128
SECONDS = 900


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningSuite, Story]]:
    """A suite in which the main case is under way."""
    with embedded_suite(Path(tmp_path_factory.mktemp("embedded"))) as suite, city_of(suite) as city:
        played = Story(city)
        for title in played.play():
            if title == texts.STEP_HEALTH:  # what can be asked about is there, and nothing is closed yet
                break
        yield suite, played


def configuration(story: Story, caller: Api) -> str:
    """What schemathesis is told: who asks, and which ids there are."""
    known = {
        "report": story.report,
        "case": story.case,
        "referral": story.referrals["health"],
        "person": story.school.people["psychologist"],
        "agency": story.city.agencies["health"].id,
        "engagement": story.city.engagement,
        "X-Qorgan-Tenant": str(caller.tenant),
    }
    lines = ["[headers]", f'Authorization = "Bearer {caller.session}"', "[parameters]"]
    return "\n".join([*lines, *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in known.items()), ""])


def member(story: Story) -> Api:
    """Of the school's safety service, and of the case's team."""
    return story.school.api("psychologist")


def head(story: Story) -> Api:
    """Of the school."""
    return story.school.api("head")


def officer(story: Story) -> Api:
    """Of the agency that was asked for help."""
    return story.city.agencies["health"].api("officer")


@pytest.mark.parametrize(("caller", "phases"), [(member, EACH_BOUND), (head, AS_OTHERS), (officer, AS_OTHERS)])
def test_holds_whatever_is_asked(
    story: tuple[RunningSuite, Story], tmp_path: Path, caller: Callable[[Story], Api], phases: str
) -> None:
    """Thousands of requests, none of which finds the API other than it is described."""
    suite, played = story
    (tmp_path / "schemathesis.toml").write_text(configuration(played, caller(played)))
    command = [str(SCHEMATHESIS), "--no-color", "run", f"{suite.address}/api/v1/openapi.json", "--checks", "all"]
    options = ["--phases", phases, "-n", str(EXAMPLES), "--seed", str(SEED)]
    done = subprocess.run(
        [*command, *options, "--continue-on-failure", "--warnings", "off", "--generation-database", "none"],
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.support.schemathesis_hooks", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    tested = re.search(r"Tested: (\d+)", done.stdout)
    operations = sum(len(routes) for routes, _ in AREAS.values())  # besides those that have views of their own
    assert tested is not None
    assert int(tested.group(1)) > operations
