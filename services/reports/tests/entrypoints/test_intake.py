"""Intake as a whole: whatever is said in whatever way is taken in and kept; what ends, ends once; danger goes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reports import commands, queries, schemas
from services.reports.domain.report import Report
from services.reports.domain.reporter_identity import ReporterIdentity, identity_of
from services.reports.domain.values import (
    FINAL,
    SCHOOL_ROLES,
    Body,
    Category,
    Channel,
    Kind,
    Place,
    Source,
    State,
    Timing,
    Urgency,
    WallReason,
)
from services.reports.service import ReportsService
from services.reports.tests.builders import (
    DEPUTY,
    HEAD,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    RECEIVED_AT,
    a_kept_file,
    a_person,
    a_report,
    a_reporter,
)
from services.reports.tests.world import SCHOOL, World
from shared.domain import DomainError, NotPermittedError
from shared.ids import new_id
from shared.runners.door import load

WORDS = st.text(st.sampled_from("әғқңөұүһіАяz 7«»–.\n"), min_size=1, max_size=60).filter(
    lambda said: bool(said.strip())
)


def optional(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A field that may be left out."""
    return st.just({}) | values.map(lambda value: {name: value})


REPORTS = st.tuples(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from([one.value for one in Source]),
            "channel": st.sampled_from([one.value for one in Channel]),
            "description": WORDS,
        }
    ),
    optional("place", st.sampled_from([None, *(one.value for one in Place)])),
    optional("kinds", st.lists(st.sampled_from([one.value for one in Kind]), unique=True)),
    optional("timing", st.sampled_from([one.value for one in Timing])),
    optional("happened_text", WORDS),
    optional("immediate_danger", st.booleans()),
    optional("child", st.fixed_dictionaries({"name": WORDS})),
    optional(
        "accused",
        st.lists(
            st.fixed_dictionaries({"name": WORDS, "category": st.sampled_from([one.value for one in Category])}),
            max_size=3,
        ),
    ),
).map(lambda parts: {name: value for part in parts for name, value in part.items()})


def received(school: World, said: Mapping[str, Any], by: Any = None) -> UUID:
    """As the door does it: schema, command, application."""
    return UUID(
        school.do(commands.ReceiveReport, by or a_reporter(), **load(schemas.ReceiveReport(), said)).body["report"]
    )


class TestWhatIsSaid:
    @pytest.mark.requirement("REP-01")
    def test_is_taken_in_from_every_source_in_every_channel_about_every_place_present_or_past(self) -> None:
        """All of them with each other, as the schema reads them."""
        taken = set()
        for source, channel, place, timing in product(Source, Channel, (*Place, None), Timing):
            said = {"source": source.value, "channel": channel.value, "description": "Күдік", "timing": timing.value}
            loaded = load(schemas.ReceiveReport(), said | {"place": place and place.value})
            facts = {name: loaded[name] for name in ("source", "channel", "place", "timing", "description")}
            [event] = a_report(**facts).report.collect_events()
            taken.add((event.source, event.channel, event.place, event.timing))  # type: ignore[attr-defined]
        assert len(taken) == len(Source) * len(Channel) * (len(Place) + 1) * len(Timing)

    @pytest.mark.requirement("REP-01")
    @given(said=REPORTS)
    @settings(max_examples=25, deadline=None)
    def test_is_kept_word_by_word_and_waits_for_the_service(self, said: dict[str, Any]) -> None:
        """Also problem behaviour alone, a suspicion without kind, place or name."""
        with TemporaryDirectory() as folder, World.open(Path(folder)) as school:
            report = received(school, said)
            shown = queries.show_report(school.application, SCHOOL, DEPUTY, report=report)
            for name in said.keys() - {"child", "accused", "kinds"}:
                assert shown[name] == said[name]
            assert set(shown["kinds"]) == set(said.get("kinds", []))
            assert (shown["child"] or {}).get("name") == said.get("child", {}).get("name")
            told = [(one["name"], one["category"]) for one in said.get("accused", [])]
            assert [(one["name"], one["category"]) for one in shown["accused"]] == told
            assert [row["report"] for row in queries.reports_to_triage(school.application, SCHOOL, DEPUTY)] == [report]

    @pytest.mark.requirement("REP-05")
    @pytest.mark.parametrize("channel", [Channel.VERBAL, Channel.PHONE, Channel.MESSENGER, Channel.OTHER])
    def test_to_staff_is_entered_for_another_and_keeps_source_and_channel(
        self, school: World, channel: Channel
    ) -> None:
        """By every role of the school; by somebody without a role there, or without an account, it is not."""
        said: dict[str, Any] = {"source": "parent_or_guardian", "channel": channel.value, "description": "Анасы айтты"}
        said |= {"on_behalf": True, "informant": {"name": "Өрік Әбілқызы", "contact": "+7 701"}}
        for role in sorted(SCHOOL_ROLES):
            employee = a_person(new_id(), role)
            report = received(school, said, employee)
            shown = queries.show_report(school.application, SCHOOL, DEPUTY, report=report)
            assert (shown["source"], shown["channel"], shown["on_behalf"]) == (
                "parent_or_guardian",
                channel.value,
                True,
            )
            identity = school.application.for_tenant(SCHOOL).get(ReporterIdentity, identity_of(report))
            assert (identity.entered_by, identity.informant) == (employee.person, said["informant"])
            assert "Өрік" not in str(shown)
        for stranger in (a_reporter(), a_person(new_id()), a_person(new_id(), "administrator")):
            with pytest.raises(NotPermittedError):
                received(school, said, stranger)


ACTS: Mapping[str, Callable[[Report], None]] = {
    "act": lambda one: one.take_urgent_action(what="Қауіпсіз жерге", informed=["police"], by=DEPUTY, at=RECEIVED_AT),
    "triage": lambda one: one.triage(
        kinds=(Kind.PHYSICAL,),
        immediate_danger=False,
        urgency=Urgency.URGENT,
        note="",
        owner=PSYCHOLOGIST_ID,
        verification_due_at=RECEIVED_AT,
        verification_rule="reports.verification@2026-01-01",
        by=HEAD,
        at=RECEIVED_AT,
    ),
    "begin": lambda one: one.begin_verification(owner=PSYCHOLOGIST_ID, by=PSYCHOLOGIST, at=RECEIVED_AT),
    "step": lambda one: one.record_verification_step(what="Әңгіме", finding="Иә", by=PSYCHOLOGIST, at=RECEIVED_AT),
    "confirm": lambda one: one.confirm(
        reasons="Үш куәгер",
        kinds=(Kind.PHYSICAL,),
        place=Place.SCHOOL,
        cases=(),
        count_of_cases=1,
        by=PSYCHOLOGIST,
        at=RECEIVED_AT,
    ),
    "not_confirm": lambda one: one.not_confirm(reasons="Расталмады", by=PSYCHOLOGIST, at=RECEIVED_AT),
    "out_of_scope": lambda one: one.leave_out_of_scope(reasons="Басқаның ісі", by=HEAD, at=RECEIVED_AT),
    "facts": lambda one: one.add_facts(text="Тағы", answers=None, by=a_reporter(), at=RECEIVED_AT),
    "file": lambda one: one.add_attachment(file=a_kept_file(), most=99, by=a_reporter(), at=RECEIVED_AT),
    "body": lambda one: one.turn_to_body(body=Body.POLICE, turned_at=None, note="", by=DEPUTY, at=RECEIVED_AT),
    "write": lambda one: one.write_to_reporter(text="Рақмет", asks=False, by=DEPUTY, at=RECEIVED_AT),
    "wall": lambda one: one.wall_off(
        person=new_id(), reason=WallReason.CLOSE_TO_ACCUSED, accused=None, by=DEPUTY, at=RECEIVED_AT
    ),
}
NEVER_REFUSED = frozenset({"facts", "file", "body", "write", "wall"})
ENDS = {"confirm": State.CONFIRMED, "not_confirm": State.NOT_CONFIRMED, "out_of_scope": State.OUT_OF_SCOPE}


def allowed(done: list[str], act: str) -> bool:
    """What the rules say of an act after others, in words of their own."""
    if act in NEVER_REFUSED:
        return True
    if set(done) & set(ENDS):
        return False
    return {
        "act": True,
        "triage": "triage" not in done,
        "begin": "triage" in done and "begin" not in done,
        "step": "begin" in done,
        "confirm": "step" in done,
        "not_confirm": "step" in done,
        "out_of_scope": "triage" in done,
    }[act]


class TestAReport:
    @pytest.mark.requirement("REP-06")
    @pytest.mark.requirement("REP-08")
    @given(asked=st.lists(st.sampled_from(sorted(ACTS)), max_size=25))
    @settings(max_examples=150, deadline=None)
    def test_takes_each_step_where_it_may_be_taken_and_ends_once_with_reasons(self, asked: list[str]) -> None:
        """Any acts in any order, against the rules told once more; what is done at once needs nothing before it."""
        report, done = a_report().report, list[str]()
        for act in asked:
            may = allowed(done, act)
            try:
                ACTS[act](report)
            except DomainError:
                assert not may, (done, act)
            else:
                assert may, (done, act)
                done.append(act)
        ends = [ENDS[act] for act in done if act in ENDS]
        assert (report.state in FINAL, [report.state] if ends else []) == (bool(ends), ends)
        assert not (ends and report.open_duties)
        events = report.collect_events()
        assert all(getattr(event, "reasons", "said").strip() for event in events)
        assert len(events) == len(done) + 1

    @pytest.mark.requirement("REP-06")
    def test_is_deleted_by_nobody(self) -> None:
        """Nothing at the door does: only the erasure of what has ended, by two persons and as an event."""
        methods = {name for name in vars(ReportsService) if not name.startswith("_")}
        assert not {name for name in methods if {"delete", "remove", "erase", "drop"} & set(name.split("_"))}


class TestDanger:
    @pytest.mark.requirement("REP-08")
    @given(dangers=st.lists(st.booleans(), min_size=1, max_size=6))
    @settings(max_examples=6, deadline=None)
    def test_goes_first_in_the_queue_and_is_acted_on_before_anything_is_verified(self, dangers: list[bool]) -> None:
        with TemporaryDirectory() as folder, World.open(Path(folder)) as school:
            said = {"source": "neighbour", "channel": "phone", "description": "Айғай естіледі"}
            sent = [received(school, said | {"immediate_danger": danger}) for danger in dangers]
            queue = [row["report"] for row in queries.reports_to_triage(school.application, SCHOOL, DEPUTY)]
            assert set(queue) == set(sent)
            assert [dangers[sent.index(one)] for one in queue] == sorted(dangers, reverse=True)
            school.do(
                commands.TakeUrgentAction, DEPUTY, report=queue[0], what="Полиция шақырылды", informed=("police",)
            )
            assert school.report(queue[0]).state is State.RECEIVED
