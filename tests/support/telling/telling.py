"""A story as it is told: its school and people, its matter by ids, its secrets; and the watch that sees each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cli.api_client import Api, RefusedError, until
from tests.support.telling.people import Person, Somebody
from tests.support.telling.questions import REPORTER, Asked, Asker
from tests.support.telling.stage import Stage
from tests.support.telling.watching import Note, Question, Seen, Watch

ACCUSED = "accused"
AUDITOR = "auditor"
COORDINATOR = "social_pedagogue"
RECEIVING = "receiving_head"
"""Who heads the school that a child changes to."""


@dataclass(frozen=True, kw_only=True)
class Story:
    """A story: where, who, and what happens, which is told by a function.

    `people` are names by role; a name may come with a language of its own. Whoever is `accused` has `accused_role` at
    the school, and an account, and sees nothing: the one complained of, or somebody close. `next_school` is the one
    that the child changes to, with its head, who reads along as `RECEIVING`.
    """

    title: str
    school: str
    language: str
    people: Mapping[str, str | tuple[str, str]]
    tell: Callable[[Telling], None]
    accused_role: str = "subject_teacher"
    next_school: tuple[str, str] | None = None
    readers: Sequence[str] = (COORDINATOR,)

    @property
    def key(self) -> str:
        """A short name."""
        return self.tell.__module__.rpartition(".")[2]


@dataclass
class Told:
    """All that came of telling: what the accused saw before, every note of the watch, the matter's ids and secrets."""

    story: Story
    school: UUID
    watch: Watch
    secrets: frozenset[str]
    notes: Sequence[Note]
    """In the order of the steps; before the first nothing is asked, and the last one asks every question."""
    blind: Sequence[Asked]
    answered: Mapping[Question, Seen]
    """What the accused was answered at the end, about what there is and about what there is not."""

    @property
    def readers(self) -> Mapping[str, Api]:
        """Who asked, as they do."""
        return self.watch.readers


@dataclass
class Telling:
    """One story in one suite, while it is told."""

    stage: Stage
    story: Story
    people: dict[str, Person] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    matter: dict[str, list[str]] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._open_school()
        self.watch = Watch(self.stage, self.school, self._readers())
        known = {"agency": [agency.id for agency in self.stage.city.agencies.values()][:1]}
        known["person"] = [self[ACCUSED].id, self[COORDINATOR].id]
        self.asker = Asker(self.matter, known, receipts=self.receipts)

    # -- where and who

    def _open_school(self) -> None:
        story, city = self.story, self.stage.city
        people = {}
        for part, named in story.people.items():
            name, language = (named, story.language) if isinstance(named, str) else named
            people[part] = (name, language, story.accused_role if part == ACCUSED else part)
        self.school = self._people_of(story.key, story.school, people)
        if story.next_school:
            name, head = story.next_school
            receiving = {RECEIVING: (head, story.language, "head")}
            self.stage.neighbours[self.school] = [self._people_of(f"{story.key}.next", name, receiving)]
        self.engagement = city.maker.engagement(city.auditor, str(self.school))

    def _people_of(self, tag: str, name: str, people: Mapping[str, tuple[str, str, str]]) -> UUID:
        """Opens a school with these people, who sign in: name, language and role by their part."""
        school = self.stage.city.maker.school(tag, name, self.story.language, people)
        for part, seat in school.seats.items():
            called, language, role = people[part]
            api = Api(self.stage.suite.address, language=language)
            signed_in = api.sign_in(seat.login, seat.password, tenant=school.id)
            self.people[part] = Person(self, seat.person, called, language, role, signed_in)
        return UUID(school.id)

    def _readers(self) -> dict[str, Api]:
        parts = (*self.story.readers, RECEIVING, ACCUSED)
        readers = {part: self.people[part].api for part in parts if part in self.people}
        readers[REPORTER] = Api(self.stage.suite.address, tenant=self.school)
        readers[AUDITOR] = self.stage.auditor.at(self.school, purpose=f"audit:{self.engagement}")
        return readers

    def __getitem__(self, part: str) -> Person:
        """Somebody by their part."""
        return self.people[part]

    def cast(self, *parts: str) -> Iterator[Person]:
        """Several, in this order."""
        return (self.people[part] for part in parts)

    def nobody(self, language: str | None = None) -> Somebody:
        """Somebody without an account, who stays anonymous."""
        spoken = language or self.story.language
        return Somebody(self, "nobody", spoken, Api(self.stage.suite.address, tenant=self.school, language=spoken))

    def officer(self, kind: str) -> Person:
        """The duty officer of an agency."""
        place = self.stage.city.agencies[kind]
        seat, api = place.seats["officer"], place.api("officer")
        return Person(self, seat.person, f"officer of {kind}", api.language, "partner_duty_officer", api)

    @property
    def secrets(self) -> frozenset[str]:
        """What nobody may learn who does not know of the matter: its ids, and all that was said of it."""
        ids = {one for ids in self.matter.values() for one in ids}
        known = {self.story.school, str(self.school)}.union(*({one.name, one.id} for one in self.people.values()))
        return frozenset((ids | self._said | set(filter(None, self.receipts.values()))) - known)

    # -- time

    @property
    def now(self) -> datetime:
        """By the suite's clock."""
        return self.stage.now()

    @property
    def today(self) -> date:
        """Its date."""
        return self.now.date()

    def later(self, **span: float) -> None:
        """Time goes on; whatever falls due does so on its own."""
        self.stage.city.clock.advance(timedelta(**span))

    # -- what is seen of it

    def did(self, step: str, said: Any, answer: Any) -> None:
        """Takes note of a step that was done, of the ids that came of it, and of what was said."""
        self._remember(answer)
        self._said |= set(_texts(said))
        if (child := said.get("child")) and child not in self.asker.children:
            self.asker.children.append(child)
        self._look(step)

    def comes_to_know(self, reader: Person, path: str, id_: str) -> str:
        """What somebody finds in a list, and nobody here was answered with; gives its id."""
        found = until(lambda: next(iter(reader.asks(f"/{path}")[path]), None), f"{path} in the list of {reader.name}")
        self._remember({id_: found[id_]})
        self._look(f"{reader.name} found it in {path}")
        return str(found[id_])

    def _remember(self, answer: Any) -> None:
        for name, value in answer.items() if isinstance(answer, Mapping) else ():
            if name not in OPEN_NAMES and _is_id(value) and value not in self.matter.setdefault(name, []):
                self.matter[name].append(value)

    def waits_until(self, probe: Callable[[], Any], what: str) -> Any:
        """Until something came about that nobody here did; it is seen as well. Gives what the probe gave."""
        found = until(probe, what)
        self._look(what)
        return found

    def _look(self, after: str) -> None:
        readers = [reader for reader in self.watch.readers if reader != ACCUSED]
        if self.stage.is_distributed:
            readers = [AUDITOR]
        self.watch.note(after, lambda moved: self.asker.after_a_step(readers, moved))

    # -- what several do together

    def verified(self, report: str, *kinds: str, lead: str = "deputy", place: str, **more: Any) -> str:
        """Triaged, verified and confirmed; gives the case that it was entered in the register as."""
        owner = self[COORDINATOR]
        self[lead].triages(report, *kinds, owner=owner)
        owner.begins_verification(report)
        owner.finds(report, owner.says("looked"), owner.says("found"))
        before = {row["case"] for row in owner.asks("/cases")["cases"]}
        owner.confirms(report, *kinds, place=place, **more)
        joined = more.get("cases")
        return joined[0] if joined else self.case_besides(before)

    def case_besides(self, known: set[str]) -> str:
        """The case that opened."""
        api = self[COORDINATOR].api

        def opened() -> str | None:
            new = [row["case"] for row in api.get("/cases")["cases"] if row["case"] not in known]
            return str(new[0]) if new else None

        case = str(until(opened, "the case of the confirmed report"))
        self._remember({"case": case})
        self.waits_until(lambda: case, "the case opened")
        return case

    def assessed(
        self, case: str, level: str, *, reasons: str, parents: str = "parents_invited", **factors: str
    ) -> None:
        """Each step by whom it falls to, then the level."""
        pedagogue, psychologist = self.cast(COORDINATOR, "psychologist")
        psychologist.takes_step(case, "conversation_with_child")
        self.people.get("school_doctor", pedagogue).takes_step(case, "medical_check")
        psychologist.takes_step(case, "psychological_examination")
        for step in ("fact_finding_questions", "how_it_came_to_light", "information_gathered"):
            pedagogue.takes_step(case, step)
        for step in ("relations_and_conditions", parents):
            pedagogue.takes_step(case, step)
        pedagogue.assesses(case, level, reasons=reasons, **factors)

    def helped_and_closed(self, case: str, *, reasons: str = "") -> None:
        """Plans, sessions, a review; every criterion rated twice, a month apart; then the meeting that closes."""
        pedagogue, psychologist, deputy = self.cast(COORDINATOR, "psychologist", "deputy")
        pedagogue.draws_up_plans(case)
        psychologist.meets_child(case, "child")
        self.later(days=7)
        psychologist.meets_child(case, "child", "family")
        pedagogue.reviews(case)
        pedagogue.rates(case)
        self.later(days=31)
        pedagogue.rates(case)
        pedagogue.closes(case, psychologist, deputy, reasons=reasons)

    def referral_is(self, case: str, referral: str, state: str) -> None:
        """The referral came to a state by its agency, and the case knows."""
        api = self[COORDINATOR].api

        def known() -> bool:
            told = {row["referral"]: row["state"] for row in api.get(f"/cases/{case}")["referrals"]}
            return told.get(referral) == state

        self.waits_until(known, f"the case to know the referral as {state}")

    def owes(self, case: str, duty: str) -> None:
        """A duty has opened."""
        api = self[COORDINATOR].api

        def owed() -> bool:
            return any(one["duty"] == duty for one in api.get(f"/cases/{case}/deadlines")["deadlines"])

        self.waits_until(owed, f"the duty {duty}")

    def refused(self, call: Callable[[], Any], code: str) -> None:
        """What was tried is refused, with this code."""
        with pytest.raises(RefusedError) as refused:
            call()
        assert refused.value.code == code, refused.value


OPEN_NAMES = frozenset({"person", "agency", "school", "engagement", "department", "home", "tenant", "safe"})
"""Ids in answers that are of no matter."""


def told(stage: Stage, story: Story) -> Told:
    """Tells a story to its end; at last every question is asked, by the accused about what there is not as well."""
    telling = Telling(stage, story)
    watch, asker = telling.watch, telling.asker
    watch.note("before", lambda _: ())
    story.tell(telling)
    readers = [one for one in (AUDITOR, COORDINATOR, RECEIVING, ACCUSED, REPORTER) if one in watch.readers]
    end = watch.note("the end", lambda _: asker.everything(readers))
    blind = [asked for asked in asker.all_asked() if not asked.route.nameless]
    answered = {seen.question: seen for seen in end.seen if seen.reader == ACCUSED}
    asked = [question for one in blind for question in (one.known, one.unknown) if question]
    answered |= {question: watch.ask(ACCUSED, question) for question in asked if question not in answered}
    return Told(
        story=story,
        school=telling.school,
        watch=watch,
        secrets=telling.secrets,
        notes=list(watch.notes),
        blind=blind,
        answered=answered,
    )


def _texts(said: Any) -> Iterator[str]:
    """The texts in what was said that are no code and no id: names, classes, sentences."""
    if isinstance(said, Mapping):
        for value in said.values():
            yield from _texts(value)
    elif isinstance(said, list | tuple):
        for value in said:
            yield from _texts(value)
    elif isinstance(said, str) and " " in said.strip():
        yield said


def _is_id(value: Any) -> bool:
    try:
        UUID(value)
    except (ValueError, TypeError, AttributeError):
        return False
    return True
