"""One report from the class teacher's desk to the closed case: each step over the API, as the person who does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cli.api_client import RefusedError, until
from cli.story import texts
from cli.story.city import City, School

LONGEST_CASE_DAYS = 100
"""Longer than the case takes: whose training ends sooner is trained before it."""


class StoryError(Exception):
    """Something in the play did not hold; the text says what."""


@dataclass
class Story:
    """One play in a city: `play` yields the title of each step before it is done."""

    city: City
    report: str = ""
    case: str = ""
    referrals: dict[str, str] = field(default_factory=dict)
    before: set[str] = field(default_factory=set)

    @property
    def school(self) -> School:
        """The school that the case is in: the city's first."""
        return self.city.schools[0]

    @property
    def steps(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """The steps in order, each with its title."""
        return (
            (texts.STEP_SERVICE, self.service_stands),
            (texts.STEP_REPORT, self.teacher_reports),
            (texts.STEP_VERIFY, self.service_verifies),
            (texts.STEP_CASE, self.case_opens),
            (texts.STEP_WALL, self.accused_sees_nothing),
            (texts.STEP_TEAM, self.team_forms),
            (texts.STEP_RISK, self.risk_is_assessed_high),
            (texts.STEP_REFER, self.agencies_are_asked),
            (texts.STEP_POLICE, self.police_answers),
            (texts.STEP_HEALTH, self.health_answers),
            (texts.STEP_SILENT, self.guardianship_stays_silent),
            (texts.STEP_PLAN, self.plans_are_drawn_up),
            (texts.STEP_SESSIONS, self.sessions_are_held),
            (texts.STEP_RATE, self.criteria_are_rated_twice),
            (texts.STEP_CLOSE, self.case_is_closed),
        )

    def play(self) -> Iterator[str]:
        """Plays the case to its end, giving each step's title before it.

        Raises RefusedError, TimeoutError, StoryError.
        """
        for title, step in self.steps:
            yield title
            step()

    def later(self, **span: float) -> None:
        """Lets the city's clock go on."""
        self.city.clock.advance(timedelta(**span))

    def today(self) -> date:
        """The date by the city's clock (UTC)."""
        return self.city.clock.now().date()

    # -- the school safety service

    def service_stands(self) -> None:
        """The head gives the seats, whoever was not trained lately is trained first (SSS-01, SSS-02).

        In a city where cases were played before only what has run out, or soon does, is renewed.
        """
        head = self.school.api("head")
        shown = head.get("/safety-service")
        if not shown["is_set_up"]:
            head.post("/safety-service")
        known = {member["person"]: member["trained_until"] for member in shown["members"]}
        for role in texts.SERVICE:
            person = self.school.people[role]
            if (known.get(person) or "") < (self.city.clock.now() + timedelta(days=LONGEST_CASE_DAYS)).isoformat():
                held = {"person": person, "held_on": (self.today() - timedelta(days=20)).isoformat()}
                attests = "deputy" if role == "head" else "head"
                self.school.api(attests).post("/safety-service/trainings", held | texts.TRAINING)
            if person not in known:
                since = (self.today() - timedelta(days=300)).isoformat()
                seat = {"person": person, "role": role, "since": since, "skills": texts.SKILLS}
                head.post("/safety-service/members", seat)
        untrained = head.get("/safety-service")["gaps"]["untrained"]
        if untrained:
            raise StoryError(f"not trained: {untrained}")

    def service_meets(self) -> None:
        """The monthly meeting; the case is discussed by those of its team who are there (SSS-04, CON-03)."""
        roles = ("social_pedagogue", "psychologist", "school_doctor", "deputy")
        first, *others = (self.school.api(role) for role in roles)
        present = [self.school.people[role] for role in roles]
        held = {"held_at": self.city.clock.now().isoformat(), "participants": present}
        meeting = first.post("/safety-service/meetings", held | texts.MONTHLY)["meeting"]
        said = {"present": present, "discussed": texts.DISCUSSED_MONTHLY}
        first.post(f"/safety-service/meetings/{meeting}/cases/{self.case}", said)
        for api in others:
            api.post(f"/safety-service/meetings/{meeting}/participation", {"took_part": True})

    # -- the report

    def teacher_reports(self) -> None:
        """The class teacher files what a pupil told (REP-01, REP-14); one she complains of is on the staff (REP-02)."""
        filed = self.school.api("class_teacher").post("/reports", texts.report(accused=self.school.people["accused"]))
        self.report = filed["report"]

    def service_verifies(self) -> None:
        """The deputy triages, the social pedagogue inquires and confirms (REP-06)."""
        deputy, owner = self.school.api("deputy"), self.school.api("social_pedagogue")
        of_report = f"/reports/{self.report}"
        deputy.post(f"{of_report}/triage", texts.TRIAGE | {"owner": self.school.people["social_pedagogue"]})
        owner.post(f"{of_report}/verification", {"owner": self.school.people["social_pedagogue"]})
        self.later(hours=3)
        for what, finding in texts.VERIFICATION:
            owner.post(f"{of_report}/verification-steps", {"what": what, "finding": finding})
        self.later(hours=20)
        self.before = self._cases()
        owner.post(f"{of_report}/confirmation", texts.CONFIRMATION)

    def case_opens(self) -> None:
        """A policy of `cases` hears that the report was confirmed and enters it in the register (REP-07)."""
        self.case = until(lambda: self._cases() - self.before, "the case of the confirmed report").pop()

    def _cases(self) -> set[str]:
        return {one["case"] for one in _items(self.school.api("social_pedagogue").get("/cases"))}

    def accused_sees_nothing(self) -> None:
        """The one complained of: the case, the report and every list are as if they did not exist (REP-02)."""
        accused = self.school.api("accused")
        unknown = _refusal(lambda: accused.get(f"/cases/{self.school.id}"))
        for path in (f"/cases/{self.case}", f"/reports/{self.report}"):
            if _refusal(lambda path=path: accused.get(path)) != unknown:
                raise StoryError(f"{path} answers the accused otherwise than an unknown id")
        if _items(accused.get("/cases")) or _items(accused.get("/reports")):
            raise StoryError("a list shows the accused something")

    # -- the case

    @property
    def of_case(self) -> str:
        """The case's path in the API."""
        return f"/cases/{self.case}"

    def team_forms(self) -> None:
        """Who needs to know joins; the class teacher is shown nothing before accepting the warning (CON-01, CON-02)."""
        head, coordinator = self.school.api("head"), self.school.api("social_pedagogue")
        for role in ("social_pedagogue", "psychologist", "school_doctor", "deputy", "class_teacher"):
            head.post(f"{self.of_case}/team", {"person": self.school.people[role], "role": role})
        teacher = self.school.api("class_teacher")
        if _refusal(lambda: teacher.get(self.of_case)) is None:
            raise StoryError("a teacher saw the case before accepting the warning")
        teacher.post(f"{self.of_case}/confidentiality-warning")
        teacher.get(self.of_case)
        coordinator.post(f"{self.of_case}/child", texts.CHILD)

    def risk_is_assessed_high(self) -> None:
        """Each step of the assessment, then the level with every factor answered (RSK-01, RSK-03)."""
        coordinator = self.school.api("social_pedagogue")
        for step, role, result in texts.ASSESSMENT_STEPS:
            data = {"step": step, "role": role, "result": result, "on": self.today().isoformat()}
            self.school.api(role).post(f"{self.of_case}/assessment-steps", data)
        coordinator.post(f"{self.of_case}/risk-assessments", texts.HIGH_RISK)

    # -- the agencies

    def agencies_are_asked(self) -> None:
        """Police, health and guardianship: drafted from their templates, approved by the head (REF-01, REF-03)."""
        head = self.school.api("head")
        drafter = self.school.api("psychologist")
        for kind, purpose in (("police", "notification"), ("health", "service"), ("guardianship", "service")):
            facts = texts.FACTS[kind]
            drafted = until(
                lambda kind=kind, purpose=purpose, facts=facts: drafter.post(  # type: ignore[misc]
                    f"{self.of_case}/referrals",
                    {
                        "agency": self.city.agencies[kind].id,
                        "purpose": purpose,
                        "urgency": "high",
                        "facts": facts,
                    },
                ),
                f"the {kind} draft",
            )
            self.referrals[kind] = drafted["referral"]
            head.post(f"/referrals/{drafted['referral']}/approval", {"fields": sorted(facts)})

    def police_answers(self) -> None:
        """The police's own program takes the message, signed and encrypted, off its virtual host.

        It answers the same way (REF-04).
        """
        self._wait_for("police", "completed")
        duties = _items(self.school.api("social_pedagogue").get(f"{self.of_case}/deadlines"))
        if any(duty["duty"] == "inform_agencies" for duty in duties):
            raise StoryError("the duty to inform is still open after a delivered notification")

    def health_answers(self) -> None:
        """The polyclinic's duty officer answers in the web inbox (REF-04)."""
        officer = self.city.agencies["health"].api("officer")
        referral = self.referrals["health"]
        until(
            lambda: [one for one in _items(officer.get("/partner/referrals")) if one["referral"] == referral],
            "the referral in the polyclinic's inbox",
        )
        officer.post(f"/partner/referrals/{referral}/acceptance")
        officer.post(f"/partner/referrals/{referral}/start")
        officer.post(f"/partner/referrals/{referral}/outcome", texts.HEALTH_OUTCOME)
        self._wait_for("health", "completed")

    def guardianship_stays_silent(self) -> None:
        """Past the first clock silence is an event, and the school takes its own measures (REF-07)."""
        self.later(hours=5)
        coordinator = self.school.api("social_pedagogue")
        until(
            lambda: [
                duty for duty in _items(coordinator.get(f"{self.of_case}/deadlines")) if duty["duty"] == "own_measures"
            ],
            "the duty to take own measures",
        )
        coordinator.post(f"{self.of_case}/own-measures", {"measures": texts.OWN_MEASURES})
        taken_back = f"/referrals/{self.referrals['guardianship']}/cancellation"
        self.school.api("head").post(taken_back, {"reason": "no_longer_needed"})
        until(
            lambda: self._case_knows("guardianship", "cancelled"), "the case to know that the referral was taken back"
        )

    def _wait_for(self, kind: str, state: str) -> Any:
        api, path = self.school.api("social_pedagogue"), f"/referrals/{self.referrals[kind]}"

        def reached() -> Any:
            shown = api.get(path)
            return shown if shown["state"] == state else None

        until(reached, f"the {kind} referral to be {state}")
        return until(lambda: self._case_knows(kind, state), f"the case to know that {kind} is {state}")

    def _case_knows(self, kind: str, state: str) -> bool:
        shown = self.school.api("social_pedagogue").get(self.of_case)
        return any(one["referral"] == self.referrals[kind] and one["state"] == state for one in shown["referrals"])

    # -- help, and the end

    def plans_are_drawn_up(self) -> None:
        """A safety plan, and goals with measures in all four areas (PLN-02, PLN-03)."""
        coordinator = self.school.api("social_pedagogue")
        coordinator.post(f"{self.of_case}/safety-plan", texts.SAFETY_PLAN)
        coordinator.post(f"{self.of_case}/support-plan", {"goals": texts.goals(self.today() + timedelta(days=21))})

    def sessions_are_held(self) -> None:
        """Sessions with the child and the family, notes sealed to the helper; reviews every two weeks (PLN-04)."""
        self.service_meets()
        psychologist, coordinator = self.school.api("psychologist"), self.school.api("social_pedagogue")
        for number, (attended, change, note) in enumerate(texts.SESSIONS):
            psychologist.post(
                f"{self.of_case}/sessions", {"attended": attended, "observed_change": change, "note": note}
            )
            if number % 2:
                coordinator.post(f"{self.of_case}/plan-reviews", texts.REVIEW)
            self.later(days=7)

    def criteria_are_rated_twice(self) -> None:
        """Every criterion with evidence, and once more after a month; the risk is assessed again (PLN-05, RSK-05)."""
        coordinator = self.school.api("social_pedagogue")
        coordinator.post(f"{self.of_case}/criteria", {"ratings": texts.ratings(first=True)})
        self.later(days=31)
        self.service_meets()
        coordinator.post(f"{self.of_case}/criteria", {"ratings": texts.ratings(first=False)})
        coordinator.post(f"{self.of_case}/risk-assessments", texts.LOW_RISK)

    def case_is_closed(self) -> None:
        """The service decides together; a trained eye sees the whole timeline afterwards (PLN-05)."""
        roles = ("social_pedagogue", "psychologist", "school_doctor", "deputy")
        coordinator = self.school.api("social_pedagogue")
        met = {
            "held_at": self.city.clock.now().isoformat(),
            "participants": [self.school.people[role] for role in roles],
            "discussed": texts.DISCUSSED,
            "closing": texts.CLOSURE,
        }
        meeting = coordinator.post(f"{self.of_case}/meetings", met)["meeting"]
        for role in roles[1:]:
            self.school.api(role).post(f"{self.of_case}/meetings/{meeting}/participation", {"took_part": True})
        coordinator.post(f"{self.of_case}/closure", {"meeting": meeting})
        if coordinator.get(self.of_case)["state"] != "closed":
            raise StoryError("the case is not closed")


def _items(answer: Any) -> list[Any]:
    """The rows of a list's answer."""
    if isinstance(answer, list):
        return answer
    return next((rows for rows in answer.values() if isinstance(rows, list)), [])


def _refusal(call: Any) -> tuple[int, str] | None:
    """Status and code of a refusal, None where the call was answered."""
    try:
        call()
    except RefusedError as refused:
        return refused.status, refused.code
    return None
