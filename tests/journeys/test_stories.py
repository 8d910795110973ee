"""Stories from different sources, over the JSON API alone, embedded and distributed: each ends as all must end."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.journeys.stories import STORIES
from tests.support.suites import RunningSuite
from tests.support.telling.blindness import traces
from tests.support.telling.histories import Histories, differences
from tests.support.telling.questions import OF_A_MATTER, OPEN_IDS
from tests.support.telling.replaying import Replay
from tests.support.telling.stage import Stage
from tests.support.telling.telling import Story, Told, told


class Playhouse:
    """A stage with the stories that were told on it; each is told once, when first asked for."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._told: dict[str, Told | Exception] = {}

    def told(self, story: Story) -> Told:
        """What came of a story; what it broke off at, each time."""
        if story.key not in self._told:
            try:
                self._told[story.key] = told(self.stage, story)
            except Exception as error:  # noqa: BLE001 - raised again for whoever asks
                self._told[story.key] = error
        of = self._told[story.key]
        if isinstance(of, Exception):
            raise of
        return of

    def replay(self, of: Told, folder: Path) -> AbstractContextManager[Replay]:
        """The house in which a story's events can be played again, up to its end."""
        return Replay.of(self.stage, folder / "replay", self.stage.tenants(of.school), of.notes[-1].heads)

    def qorgan(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a `qorgan` command on what was told."""
        suite = self.stage.suite
        home = ["--home", str(suite.home)] if suite.partner_url is None else []
        return suite.qorgan(*arguments, *home)


@pytest.fixture(scope="module", params=["embedded", "distributed"])
def playhouse(request: pytest.FixtureRequest) -> Iterator[Playhouse]:
    """Each way to run the suite, with all that stories need."""
    suite: RunningSuite = request.getfixturevalue(request.param)
    with Stage.open(suite) as stage:
        yield Playhouse(stage)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
class TestAStory:
    """Whatever happened in it."""

    def test_replays_as_of_every_event_what_a_reader_saw_then(
        self, playhouse: Playhouse, story: Story, tmp_path: Path
    ) -> None:
        """Event by event: who looked then is told the same now, and the history up to it is the one that stands.

        At the last one, the state that was rebuilt from the events alone answers every question of every reader as the
        suite does.
        """
        of = playhouse.told(story)
        histories = Histories.of(of)
        with playhouse.replay(of, tmp_path) as replay:
            for note in of.notes:
                for event in replay.ahead(note.heads):
                    replay.play(event)
                    histories.hold_as_of(event, replay)
                histories.hold_so_far(replay)
                assert list(differences(of, note, replay)) == []
        assert histories.are_complete

    def test_hides_from_the_accused(self, playhouse: Playhouse, story: Story, tmp_path: Path) -> None:
        """Every question of the route tables: no id, text, number or count of the matter in any answer."""
        of = playhouse.told(story)
        with playhouse.replay(of, tmp_path) as without:
            without.play_to(of.notes[0].heads)
            without.set_clock(of.notes[-1])
            assert list(traces(of, without)) == []


def test_leave_ledgers_that_verify(playhouse: Playhouse) -> None:
    """All stories together: every log of every tenant of every service, and none of their events is missing."""
    ends = [playhouse.told(story).notes[-1].heads for story in STORIES]
    verified = json.loads(playhouse.qorgan("audit", "verify", "--json").stdout)
    assert verified["findings"] == []
    assert verified["totals"]["events"] >= sum(max(heads.get(at, 0) for heads in ends) for at in set().union(*ends))


def test_ask_every_question_about_every_kind_of_thing(playhouse: Playhouse) -> None:
    """What of a matter has an address of its own came up in some story, and the accused asked for it."""
    asked = {id_ for story in STORIES for one in playhouse.told(story).blind for id_ in one.route.ids}
    assert asked >= {*OF_A_MATTER, *OPEN_IDS}
