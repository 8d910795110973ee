"""Whom children turn to: published by the head, read by anybody (REP-11, REP-14, REP-15)."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from services.reports import commands, queries
from services.reports.domain import errors
from services.reports.domain.way_in import Contact
from services.reports.tests.builders import DEPUTY, HEAD, PSYCHOLOGIST, a_reporter
from services.reports.tests.world import OTHER_SCHOOL, SCHOOL, World
from shared.domain import NotPermittedError, VersionConflictError

LEADER = Contact(
    name="Әсел Ғаниқызы Өтегенова",
    role="Әлеуметтік педагог",
    recognise="Көк кеудеше киеді, мойнында «Қорған» белгісі бар",
    reach="2-қабат, 214-бөлме; күн сайын 9-дан 17-ге дейін",
    will_do="Тыңдайды, сенің рұқсатыңсыз достарыңа айтпайды, бірге не істейтінімізді түсіндіреді",
    leads_on_safety=True,
)
DOCTOR = replace(LEADER, name="Һәдиша Ұлықбекқызы", role="Мектеп дәрігері", leads_on_safety=False)


def published(school: World, *contacts: Contact, by: Any = HEAD, **asked: Any) -> dict[str, Any]:
    """Publishes them."""
    answer: dict[str, Any] = school.do(commands.PublishContacts, by, contacts=contacts, **asked).body
    return answer


@pytest.mark.requirement("REP-15")
class TestWhomToTurnTo:
    def test_is_read_by_anybody_as_the_head_published_it(self, school: World) -> None:
        """Names, how to recognise and reach them, what they will do; the first first."""
        assert published(school, LEADER, DOCTOR) == {"contacts": 2, "version": 1}
        shown = queries.way_in(school.application, SCHOOL, a_reporter())
        assert shown["contacts"] == [asdict(LEADER), asdict(DOCTOR)]

    def test_is_replaced_by_what_is_published_next(self, school: World) -> None:
        """By the deputy as well; what was said before stays in the record."""
        published(school, LEADER, DOCTOR)
        published(school, replace(DOCTOR, leads_on_safety=True), by=DEPUTY)
        shown = queries.way_in(school.application, SCHOOL, a_reporter())
        assert [one["name"] for one in shown["contacts"]] == [DOCTOR.name]

    def test_is_published_by_nobody_else(self, school: World) -> None:
        """The rule is named."""
        with pytest.raises(NotPermittedError) as refused:
            published(school, LEADER, by=PSYCHOLOGIST)
        assert refused.value.rule == "REP-15"

    @pytest.mark.parametrize("leaders", [0, 2])
    def test_names_one_who_leads_on_safety(self, school: World, leaders: int) -> None:
        """Not none, not two (POL-04)."""
        contacts = [replace(LEADER, leads_on_safety=number < leaders) for number in range(2)]
        with pytest.raises(errors.NotOneSafetyLeaderError) as refused:
            published(school, *contacts)
        assert refused.value.facts == {"leaders": leaders}

    def test_is_not_written_over_unseen(self, school: World) -> None:
        """Whoever saw an earlier version is told."""
        published(school, LEADER)
        published(school, DOCTOR, LEADER)
        with pytest.raises(VersionConflictError):
            published(school, LEADER, expected_version=1)

    def test_of_one_school_is_not_anothers(self, school: World) -> None:
        """Which has named nobody yet."""
        published(school, LEADER)
        assert queries.way_in(school.application, OTHER_SCHOOL, a_reporter())["contacts"] == []


@pytest.mark.requirement("REP-14")
@pytest.mark.requirement("REP-11")
def test_the_way_in_says_who_is_told_and_where_help_is(school: World) -> None:
    """Under the policy in force, which it names: a child helpline, numbers for danger, a neutral page."""
    shown = queries.way_in(school.application, SCHOOL, a_reporter())
    assert shown["told"] == ("head", "deputy")
    assert shown["helplines"] == ("111",)
    assert "112" in shown["emergency"]
    assert shown["way_out"].startswith("https://")
    assert "reports.helplines@2026-01-01" in shown["rules"]
