"""People of a story, with verbs for what they do: each verb is one call of the API, and each call is watched."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from cli.api_client import Api
from tests.support.telling.phrases import phrase

if TYPE_CHECKING:
    from tests.support.telling.telling import Telling

FACTORS = (
    "injuries_or_illness",
    "past_violence",
    "present_harm",
    "future_threat",
    "widespread",
    "strained_family_relations",
    "harmful_home_conditions",
    "strained_class_relations",
    "offender_has_access",
    "child_afraid",
)
CRITERIA = (
    "mood_settled",
    "vitality_raised",
    "taking_part_in_class",
    "relations_in_school",
    "relations_with_parents",
    "relations_within_family",
)
AREAS = ("learning", "communication", "self_regulation", "self_esteem")
Said = Any


class Somebody:
    """Whoever acts over the API; `does` is how."""

    def __init__(self, telling: Telling, name: str, language: str, api: Api) -> None:
        self.telling = telling
        self.name = name
        self.language = language
        self.api = api

    def does(self, path: str, **said: Said) -> Any:
        """One command, seen by the watch."""
        answer = self.api.post(path, said)
        self.telling.did(f"{self.name}: POST {path}", said, answer)
        return answer

    def asks(self, path: str, **query: Any) -> Any:
        """One question."""
        return self.api.get(path, **query)

    def says(self, what: str) -> str:
        """A phrase in their language."""
        return phrase(what, self.language)

    def reports(self, description: str, *, source: str, channel: str = "web", **more: Said) -> str:
        """A report; gives its id."""
        filed = self.does("/reports", description=description, source=source, channel=channel, **more)
        self.telling.receipts[filed["report"]] = filed.get("receipt", "")
        report: str = filed["report"]
        return report

    def says_by_receipt(self, report: str, text: str, *, answers: int | None = None) -> None:
        """Comes back with the receipt and says more."""
        receipt = self.telling.receipts[report]
        self.does("/receipt/facts", receipt=receipt, text=text, **({} if answers is None else {"answers": answers}))

    def adds_file_by_receipt(self, report: str, name: str, content: bytes) -> str:
        """A file in one piece; gives its id."""
        attachment, receipt = str(uuid4()), self.telling.receipts[report]
        piece = {"attachment": attachment, "number": 0, "content": base64.b64encode(content).decode()}
        self.does("/receipt/attachments/pieces", receipt=receipt, **piece)
        whole = {"attachment": attachment, "name": name, "pieces": 1, "sha256": sha256(content).hexdigest()}
        self.does("/receipt/attachments", receipt=receipt, **whole)
        return attachment

    def tells_of_breach(self, report: str, kind: str, description: str, **more: Said) -> None:
        """With the receipt: retaliation, or that somebody talked."""
        self.does(
            "/receipt/breaches", receipt=self.telling.receipts[report], kind=kind, description=description, **more
        )

    def reads_by_receipt(self, report: str) -> Any:
        """What whoever reported reads with the receipt."""
        return self.api.post("/receipt", {"receipt": self.telling.receipts[report]})


class Person(Somebody):
    """Somebody of the school, or an agency's officer: `role` is theirs there."""

    def __init__(self, telling: Telling, id: str, name: str, language: str, role: str, api: Api) -> None:
        super().__init__(telling, name, language, api)
        self.id = id
        self.role = role

    # -- signs and reports

    def notes_a_sign(self, sign: str, *, method: str, child: Mapping[str, Any], **more: Said) -> str:
        """A sign; gives the note's id."""
        note: str = self.does("/sign-notes", sign=sign, method=method, child=child, **more)["note"]
        return note

    def considers(self, note: str, outcome: str, reasons: str, **more: Said) -> None:
        """What comes of a sign."""
        self.does(f"/sign-notes/{note}/consideration", outcome=outcome, reasons=reasons, **more)

    def acts_at_once(self, report: str, what: str, *informed: str) -> None:
        """In immediate danger."""
        self.does(f"/reports/{report}/urgent-actions", what=what, informed=list(informed))

    def triages(self, report: str, *kinds: str, owner: Person, urgency: str = "urgent", **more: Said) -> None:
        """Judges what it is, and says who verifies."""
        self.does(f"/reports/{report}/triage", kinds=list(kinds), urgency=urgency, owner=owner.id, **more)

    def begins_verification(self, report: str) -> None:
        """Owns it from now on."""
        self.does(f"/reports/{report}/verification")

    def finds(self, report: str, what: str, finding: str) -> None:
        """A step of the verification."""
        self.does(f"/reports/{report}/verification-steps", what=what, finding=finding)

    def confirms(self, report: str, *kinds: str, reasons: str = "", **more: Said) -> None:
        """It is a fact."""
        told = reasons or self.says("reasons")
        self.does(f"/reports/{report}/confirmation", reasons=told, kinds=list(kinds), **more)

    def rejects(self, report: str, reasons: str) -> None:
        """It proved false."""
        self.does(f"/reports/{report}/rejection", reasons=reasons)

    def walls_off(self, report: str, person: Person, reason: str = "accused") -> None:
        """Keeps somebody away."""
        self.does(f"/reports/{report}/walls", person=person.id, reason=reason)

    def writes(self, report: str, text: str, *, asks: bool = False) -> None:
        """To whoever reported."""
        self.does(f"/reports/{report}/messages", text=text, asks=asks)

    def joins(self, report: str, other: str, reasons: str) -> None:
        """Two reports are of one event."""
        self.does(f"/reports/{report}/joining", other=other, reasons=reasons)

    def enters_in_risk_group(
        self, child: Mapping[str, Any], level: str, category: str, reasons: str, **of: Said
    ) -> str:
        """A child that is to be helped before more happens; gives the entry's id."""
        named = {name: child[name] for name in ("name", "class_name")}
        told = {"child": named, "level": level, "category": category, "reasons": reasons}
        entry: str = self.does("/risk-group", **told, **of)["entry"]
        return entry

    # -- the case

    def lets_in(self, case: str, *people: Person) -> None:
        """On the team."""
        for person in people:
            self.does(f"/cases/{case}/team", person=person.id, role=person.role)

    def accepts_the_warning(self, case: str) -> None:
        """Before the first sight."""
        self.does(f"/cases/{case}/confidentiality-warning")

    def identifies(self, case: str, child: Mapping[str, Any]) -> None:
        """Who the child is."""
        self.does(f"/cases/{case}/child", **{name: child[name] for name in ("name", "birth_date", "class_name")})

    def takes_step(self, case: str, step: str, result: str = "") -> None:
        """One step of the assessment."""
        on = self.telling.today.isoformat()
        told = result or self.says(step)
        self.does(f"/cases/{case}/assessment-steps", step=step, role=self.role, result=told, on=on)

    def assesses(self, case: str, level: str, *, reasons: str, **factors: str) -> None:
        """The risk, every factor answered."""
        told = {what: self.says(what) for what in ("childs_place", "childs_safety", "best_interests")}
        answers = dict.fromkeys(FACTORS, "no") | factors
        self.does(f"/cases/{case}/risk-assessments", level=level, factors=answers, reasons=reasons, **told)

    def draws_up_plans(self, case: str) -> None:
        """Safety plan and support plan."""
        lists = ("dangers", "safe_people", "safe_places", "child_does", "adults_do")
        self.does(f"/cases/{case}/safety-plan", **{name: [self.says("measure")] for name in lists})
        due_on = self.telling.today.isoformat()
        measure = {"measure": self.says("measure"), "nature": "help", "owner": self.name, "due_on": due_on}
        goals = [{"area": area, "goal": self.says("goal"), "measures": [measure]} for area in AREAS]
        self.does(f"/cases/{case}/support-plan", goals=goals)

    def reviews(self, case: str, *, change_seen: bool = True) -> None:
        """How the plans work."""
        findings = self.says("change")
        self.does(f"/cases/{case}/plan-reviews", findings=findings, results=[findings], change_seen=change_seen)

    def meets_child(self, case: str, *attended: str, note: str = "") -> None:
        """A session; its note is sealed to whoever held it."""
        told = {"observed_change": self.says("change"), "note": note or self.says("note")}
        self.does(f"/cases/{case}/sessions", attended=list(attended) or ["child"], **told)

    def rates(self, case: str, rating: str = "positive") -> None:
        """Every criterion alike."""
        told = self.says("evidence")
        ratings = [{"criterion": criterion, "rating": rating, "evidence": told} for criterion in CRITERIA]
        self.does(f"/cases/{case}/criteria", ratings=ratings)

    def takes_own_measures(self, case: str, *measures: str) -> None:
        """What the school does itself."""
        self.does(f"/cases/{case}/own-measures", measures=list(measures))

    def calls_for_help(self, case: str, kind: str, what_happened: str) -> str:
        """Medical help; gives its id."""
        called_at = self.telling.now.isoformat()
        asked = self.does(f"/cases/{case}/medical-help", kind=kind, called_at=called_at, what_happened=what_happened)
        medical_help: str = asked["medical_help"]
        return medical_help

    def tells_of_help(self, case: str, medical_help: str, *, helper: str, began: str, ended: str, outcome: str) -> None:
        """What came of it."""
        times = {"began_at": began, "ended_at": ended}
        self.does(f"/cases/{case}/medical-help/{medical_help}/outcome", helper=helper, outcome=outcome, **times)

    def holds_meeting(self, case: str, *others: Person, discussed: str = "", **more: Said) -> str:
        """A meeting of the team, which each of the others confirms; gives its id."""
        put_down = {
            "held_at": self.telling.now.isoformat(),
            "participants": [self.id, *(one.id for one in others)],
            "discussed": discussed or self.says("discussed"),
        }
        meeting: str = self.does(f"/cases/{case}/meetings", **put_down, **more)["meeting"]
        for one in others:
            one.does(f"/cases/{case}/meetings/{meeting}/participation", took_part=True)
        return meeting

    def closes(self, case: str, *others: Person, reasons: str = "") -> None:
        """As a meeting with the others agreed."""
        agreed = {"reasons": reasons or self.says("closing"), "best_interests": self.says("best_interests")}
        self.does(f"/cases/{case}/closure", meeting=self.holds_meeting(case, *others, closing=agreed))

    def reopens(self, case: str, reason: str, report: str | None = None) -> None:
        """Takes it up again."""
        self.does(f"/cases/{case}/reopening", reason=reason, **({} if report is None else {"report": report}))

    # -- agencies

    def refers(
        self, case: str, to: str, *, facts: Mapping[str, Any], urgency: str = "normal", purpose: str = "service"
    ) -> str:
        """A draft from the template of the agency's kind; gives its id."""
        agency = self.telling.stage.city.agencies[to].id
        asked = {"agency": agency, "purpose": purpose, "urgency": urgency, "facts": dict(facts)}
        referral: str = self.does(f"/cases/{case}/referrals", **asked)["referral"]
        self.telling.fields[referral] = sorted(facts)
        return referral

    def lets_go_out(self, referral: str) -> None:
        """Approves exactly the fields that were shown."""
        self.does(f"/referrals/{referral}/approval", fields=self.telling.fields[referral])

    def takes_back(self, referral: str, reason: str = "no_longer_needed") -> None:
        """The school's referral."""
        self.does(f"/referrals/{referral}/cancellation", reason=reason)

    def accepts(self, referral: str) -> None:
        """As the agency."""
        self.does(f"/partner/referrals/{referral}/acceptance")

    def declines(self, referral: str, reason: str, text: str) -> None:
        """As the agency."""
        self.does(f"/partner/referrals/{referral}/refusal", reason=reason, text=text)

    def works(self, referral: str) -> None:
        """As the agency: begins."""
        self.does(f"/partner/referrals/{referral}/start")

    def answers(self, referral: str, outcome: str, text: str) -> None:
        """As the agency: reports back."""
        self.does(f"/partner/referrals/{referral}/outcome", outcome=outcome, text=text)
