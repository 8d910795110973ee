"""Events -> rows; doing them twice changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cases import commands
from services.cases.domain.values import Leaving, Level, Role
from services.cases.projections import PROJECTIONS
from services.cases.read_models import register_entries, team, walls
from services.cases.tests.builders import DOCTOR, HEAD, PEDAGOGUE, TEACHER, a_report, person
from services.cases.tests.world import SCHOOL, World


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
    """register_entries, team, walls."""

    def test_hold_the_register_the_team_and_the_walls(self, school: World) -> None:
        """Ids, codes and dates only."""
        case = a_history(school)
        assert rows(school, register_entries) == [(case, 2025, 1, "2026-04-06T05:00:00+00:00", "low", True)]
        assert rows(school, team) == [(person(PEDAGOGUE), case, "social_pedagogue")]
        assert rows(school, walls) == [(person(TEACHER), case)]

    def test_are_the_same_when_every_event_is_projected_again(self, school: World) -> None:
        """A follower that stopped between rows and position repeats itself."""
        case = a_history(school)
        before = [rows(school, table) for table in (register_entries, team, walls)]
        for recorded, event in school.application.for_tenant(SCHOOL).events(case):
            if project := PROJECTIONS.get(recorded.topic):
                with school.application.read(SCHOOL) as connection:
                    project(connection, SCHOOL, event)
                    project(connection, SCHOOL, event)
        assert [rows(school, table) for table in (register_entries, team, walls)] == before
