"""Events -> rows; doing them twice changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.cases import commands
from services.cases.domain.values import Leaving, Level, Role
from services.cases.projections import PROJECTIONS
from services.cases.read_models import case_facets, case_figures, register_entries, team, walls
from services.cases.tests.builders import DOCTOR, HEAD, PEDAGOGUE, TEACHER, a_report, goals, person
from services.cases.tests.world import SCHOOL, World

TABLES = (register_entries, team, walls, case_figures, case_facets)


def rows(world: World, table: Any) -> list[tuple[Any, ...]]:
    """A table's rows of the school, without the tenant."""
    with world.application.read(SCHOOL) as connection:
        found = connection.execute(select(table).where(table.c.tenant == SCHOOL)).all()
    return sorted(tuple(row)[1:] for row in found)


def a_history(world: World) -> UUID:
    """Opened with a wall, staffed, one gone again, assessed."""
    case = world.open_case(a_report(walled=[TEACHER]))
    world.do(commands.JoinTeam, HEAD, case=case, person=person(DOCTOR), role=Role.SCHOOL_DOCTOR)
    world.do(commands.JoinTeam, HEAD, case=case, person=person(PEDAGOGUE), role=Role.SOCIAL_PEDAGOGUE)
    world.do(commands.LeaveTeam, HEAD, case=case, person=person(DOCTOR), reason=Leaving.LEFT_SCHOOL)
    world.assess(case, Level.LOW)
    return case


class TestTheReadModels:
    """register_entries, team, walls, case_figures, case_facets."""

    @pytest.mark.requirement("SSS-07")
    def test_hold_figures_of_each_case_and_no_name_or_text(self, school: World) -> None:
        """Codes and times; unknown only as long as nothing is known."""
        case = a_history(school)
        opened = "2026-04-06T05:00:00+00:00"
        assert rows(school, case_figures) == [(case, None, None, None, opened, None, "low", "low", 0, 0, 0, 1)]
        assert rows(school, case_facets) == [
            (case, "aggressor", "unknown"),
            (case, "kind", "bullying"),
            (case, "place", "school"),
            (case, "weekday", "unknown"),
        ]

    def test_hold_the_register_the_team_and_the_walls(self, school: World) -> None:
        """Ids, codes and dates only."""
        case = a_history(school)
        assert rows(school, register_entries) == [(case, 2025, 1, "2026-04-06T05:00:00+00:00", "low", True)]
        assert rows(school, team) == [(person(PEDAGOGUE), case, "social_pedagogue")]
        assert rows(school, walls) == [(person(TEACHER), case)]

    @pytest.mark.requirement("SSS-07")
    def test_count_reviews_and_reopenings_once_each(self, school: World) -> None:
        """Two reviews, one with change, projected twice over: two and one."""
        case = school.open_case()
        school.assess(case)
        school.do(commands.DrawUpSupportPlan, PEDAGOGUE, case=case, goals=goals())
        for seen in (True, False):
            school.do(commands.ReviewPlan, PEDAGOGUE, case=case, findings="…", results=[], change_seen=seen)
        *_, latest = school.application.for_tenant(SCHOOL).events(case)
        with school.application.read(SCHOOL) as connection:
            PROJECTIONS[latest[0].topic](connection, SCHOOL, latest[1])
        [figures] = rows(school, case_figures)
        assert figures[-3:] == (2, 1, latest[1].originator_version)

    def test_are_the_same_when_every_event_is_projected_again(self, school: World) -> None:
        """A follower that stopped between rows and position repeats itself."""
        case = a_history(school)
        before = [rows(school, table) for table in TABLES]
        for recorded, event in school.application.for_tenant(SCHOOL).events(case):
            if project := PROJECTIONS.get(recorded.topic):
                with school.application.read(SCHOOL) as connection:
                    project(connection, SCHOOL, event)
                    project(connection, SCHOOL, event)
        assert [rows(school, table) for table in TABLES] == before
