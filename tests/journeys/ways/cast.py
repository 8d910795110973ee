"""Who plays: a city, the department above it; and a case that is open, the head having let nobody else in."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cli.api_client import Api, RefusedError, until
from cli.story import texts
from cli.story.city import City, School, administrator_of
from tests.support.suites import RunningSuite

AT_HIGH_RISK = 7
"""How many steps of the main case lead to its risk, assessed as high."""
FORBIDDEN = 403
LEAD_NAME = "Гүлшат Нұрланқызы Өмірбек"


@dataclass(frozen=True)
class Department:
    """A department's people, in its tenant."""

    id: str
    administrator: Api
    lead: Api

    @classmethod
    def of(cls, suite: RunningSuite) -> Department:
        """The administrator, and a safeguarding lead who is registered."""
        administrator = administrator_of(suite.address, suite.department, suite.password)
        home, login, password = suite.department["department"], "lead." + secrets.token_hex(3), secrets.token_hex(16)
        named = {"home": home, "name": LEAD_NAME, "language": "kk", "login": login}
        person = administrator.post("/people", named)["person"]
        administrator.post(f"/people/{person}/password", {"home": home, "password": password})
        role = {"home": home, "at": home, "role": "department_safeguarding_lead"}
        administrator.post(f"/people/{person}/roles", role)
        return cls(home, administrator, Api(suite.address).sign_in(login, password, tenant=home))


@dataclass(frozen=True)
class Cast:
    """Everybody, and the suite in which they act."""

    suite: RunningSuite
    city: City
    department: Department

    @property
    def school(self) -> School:
        """The school that has a whole service."""
        return self.city.schools[0]

    def lead_at(self, school: School) -> Api:
        """The department's safeguarding lead, in a school's tenant."""
        return self.department.lead.at(school.id)

    def open_case(self, **said: Any) -> tuple[str, str]:
        """A report and its case, triaged by the head, verified by the social pedagogue: both ids."""
        school = self.school
        head, pedagogue, owner = (school.api("head"), school.api("social_pedagogue"), school.people["social_pedagogue"])
        filed = texts.report(accused=school.people["accused"]) | said
        report = school.api("class_teacher").post("/reports", filed)["report"]
        head.post(f"/reports/{report}/triage", texts.TRIAGE | {"owner": owner})
        pedagogue.post(f"/reports/{report}/verification", {"owner": owner})
        for what, finding in texts.VERIFICATION:
            pedagogue.post(f"/reports/{report}/verification-steps", {"what": what, "finding": finding})
        before = cases_of(pedagogue)
        pedagogue.post(f"/reports/{report}/confirmation", texts.CONFIRMATION)
        return report, until(lambda: cases_of(pedagogue) - before, "the case of the confirmed report").pop()

    def qorgan(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a `qorgan` command on what was played."""
        home = ["--home", str(self.suite.home)] if self.suite.partner_url is None else []
        return self.suite.qorgan(*arguments, *home)


def cases_of(api: Api) -> set[str]:
    """The caller's cases."""
    return {one["case"] for one in api.get("/cases")["cases"]}


def refused(ask: Callable[[], object]) -> tuple[int, str]:
    """Status and code of a refusal, of what is not permitted the rule; 200 and nothing where there was none."""
    try:
        ask()
    except RefusedError as problem:
        rule = problem.problem["facts"].get("rule") if problem.status == FORBIDDEN else None
        return problem.status, str(rule or problem.code)
    return 200, ""
