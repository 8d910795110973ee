"""The register of papers over the ledger: who sees which safe, and which files in it."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.cases import commands, queries
from services.cases.domain.errors import NoSuchSafeError
from services.cases.tests.builders import DEPUTY, HEAD, PEDAGOGUE, PSYCHOLOGIST, TEACHER, a_report, an_id, person
from services.cases.tests.world import SCHOOL, World
from shared.domain import NotPermittedError

pytestmark = pytest.mark.requirement("CON-06")


def a_safe(school: World) -> UUID:
    """Kept by the pedagogue."""
    safe = UUID(school.do(commands.SetUpSafe, HEAD, place="Кабинет", keeper=person(PEDAGOGUE)).body["safe"])
    school.do(commands.TakeOverSafe, PEDAGOGUE, safe=safe)
    return safe


def test_shows_safes_to_the_service_and_files_to_whoever_sees_the_case(school: World) -> None:
    """The psychologist, not on the team, sees the safe and no file in it; the head sees what lies there."""
    safe, case = a_safe(school), school.open_case()
    school.do(commands.PutPapersInSafe, PEDAGOGUE, case=case, safe=safe, papers="Баланың ісі")
    for by, cases in ((HEAD, [case]), (PEDAGOGUE, [case]), (PSYCHOLOGIST, [])):
        [shown] = queries.register_of_papers(school.application, SCHOOL, by)
        assert (shown["safe"], shown["keeper"], shown["cases"]) == (safe, person(PEDAGOGUE), cases)
        _, facts = school.accesses()[-1]
        assert (facts["what"], facts["ids"]) == ("register_of_papers", [str(one) for one in cases])
    assert queries.show_case(school.application, SCHOOL, HEAD, case=case)["papers_in"] == safe


@pytest.mark.requirement("REP-02")
def test_shows_no_file_of_a_case_behind_a_wall(school: World) -> None:
    """The accused head sees the safe as if it were empty; the deputy sees what lies in it."""
    safe, case = a_safe(school), school.open_case(a_report(walled=[HEAD]))
    school.do(commands.PutPapersInSafe, PEDAGOGUE, case=case, safe=safe, papers="Баланың ісі")
    assert queries.register_of_papers(school.application, SCHOOL, HEAD)[0]["cases"] == []
    assert queries.register_of_papers(school.application, SCHOOL, DEPUTY)[0]["cases"] == [case]


def test_is_for_the_service(school: World) -> None:
    """A teacher is told the rule, and the denial is recorded."""
    with pytest.raises(NotPermittedError) as refusal:
        queries.register_of_papers(school.application, SCHOOL, TEACHER)
    assert refusal.value.rule == "CON-06"
    assert school.accesses()[-1][0] == "access.denied"


def test_takes_a_safe_that_there_is(school: World) -> None:
    """Before there is any, and after."""
    case = school.open_case()
    for _ in range(2):
        with pytest.raises(NoSuchSafeError):
            school.do(commands.PutPapersInSafe, PEDAGOGUE, case=case, safe=an_id("басқа"), papers="…")
        a_safe(school)
