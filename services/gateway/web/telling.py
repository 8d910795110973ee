"""The pages for children: one question each, without account, script or cookie (REP-11, REP-14, REP-15).

A school's posters and its site lead to `/kk/tell/<school>`. What was said so far goes from question to question inside
the page's own form, so that it lies nowhere: not in an address, not in the browser's store, not with us, until it is
sent. Every page has a child helpline, and a quick way out that also asks the browser to forget.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from services.gateway.api.serving import Gateway
from services.gateway.clients import RefusedError
from services.gateway.web import telling_words as words
from services.gateway.web.pages import Pages, area, form_of, in_own_language

UNKNOWN_RECEIPT = {"common.unknown", "common.invalid_input"}
UNSURE = "unknown"
LONGEST = {"description": 20_000, "who": 200, "name": 200, "contact": 200}


@dataclass(frozen=True)
class Question:
    """One page: the fields it asks for, and which of them must be answered."""

    name: str
    fields: Sequence[str]
    needed: Sequence[str] = ()


QUESTIONS = (
    Question("danger", ("danger",), ("danger",)),
    Question("what", ("description",), ("description",)),
    Question("where", ("place",), ("place",)),
    Question("source", ("source",), ("source",)),
    Question("who", ("category", "role", "who"), ("category",)),
    Question("name", ("name", "contact")),
)
FIELDS = tuple(field for question in QUESTIONS for field in question.fields)
CHOICES = {
    "danger": words.DANGER,
    "place": words.PLACES,
    "source": words.SOURCES,
    "category": words.CATEGORIES,
    "role": words.ROLES,
}


def blueprint(pages: Pages, gateway: Gateway) -> Blueprint:
    """The area's addresses."""
    telling = _Telling(pages, gateway)
    made = area("telling", pages)
    made.add_url_rule("/tell/<id:school>", endpoint="led", view_func=lambda school: in_own_language(f"/tell/{school}"))
    of_school = "/<language:language>/tell/<id:school>"
    for rule, view, method in (
        ("", telling.start, "GET"),
        ("/people", telling.people, "GET"),
        ("/answers", telling.next_question, "POST"),
        ("/sent", telling.send, "POST"),
        ("/back", telling.way_back, "GET"),
        ("/back", telling.come_back, "POST"),
        ("/back/more", telling.say_more, "POST"),
        ("/out", telling.leave, "GET"),
    ):
        made.add_url_rule(of_school + rule, endpoint=view.__name__, view_func=view, methods=[method])
    return made


class _Telling:
    """The views, over the services."""

    def __init__(self, pages: Pages, gateway: Gateway) -> None:
        self._pages = pages
        self._gateway = gateway

    # ---- before anything is told

    def start(self, language: str, school: str) -> Response:
        """What this is, who will be told, and where help is at once."""
        return self._render("start", language, school)

    def people(self, language: str, school: str) -> Response:
        """Whom to turn to at the school (REP-15)."""
        return self._render("people", language, school)

    def leave(self, language: str, school: str) -> Response:
        """Leads to a page that tells nobody anything, and has the browser forget what it kept of ours."""
        left = Response(status=303, headers={"Location": self._way_in(school)["way_out"]})
        left.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return left

    # ---- question by question

    def next_question(self, language: str, school: str) -> Response:
        """Takes an answer and shows the next question; or the same again, where it was not answered."""
        said = form_of(request, "at", *FIELDS)
        at, answers = _number(said["at"]), {name: said[name] for name in FIELDS}
        faults = _faults(QUESTIONS[at - 1], answers) if 0 < at <= len(QUESTIONS) else []
        shown = at - 1 if faults else min(at, len(QUESTIONS))
        if shown == len(QUESTIONS):
            secret = secrets.token_urlsafe(32)
            return self._render("check", language, school, answers=answers, secret=secret, choices=CHOICES)
        question = QUESTIONS[shown]
        return self._render(
            "question",
            language,
            school,
            question=question,
            at=shown + 1,
            count=len(QUESTIONS),
            answers=answers,
            faults=faults,
            choices=CHOICES,
            longest=LONGEST,
        )

    def send(self, language: str, school: str) -> Response:
        """Files the report; sent twice, it is filed once and shows the same receipt."""
        said = form_of(request, "command", "secret", *FIELDS)
        data = _report_of(said) | {"retry_secret": said["secret"]}
        payload = {"command_id": said["command"], "expected_version": None, "data": data}
        filed = self._ask("reports.receive_report", school, payload)
        return self._render("sent", language, school, receipt=filed["receipt"])

    # ---- the way back

    def way_back(self, language: str, school: str) -> Response:
        """Asks for the receipt."""
        return self._render("way_back", language, school, wrong=False)

    def come_back(self, language: str, school: str) -> Response:
        """How far the report is, and what was written."""
        return self._conversation(language, school, form_of(request, "receipt")["receipt"], told=False)

    def say_more(self, language: str, school: str) -> Response:
        """Adds what else there is to say, or answers a question."""
        said = form_of(request, "receipt", "command", "text", "answers")
        if said["text"]:
            data = {"receipt": said["receipt"], "text": said["text"], "answers": _number(said["answers"]) or None}
            payload = {"command_id": said["command"], "expected_version": None, "data": data}
            self._ask("reports.add_facts", school, payload)
        return self._conversation(language, school, said["receipt"], told=bool(said["text"]))

    def _conversation(self, language: str, school: str, receipt: str, *, told: bool) -> Response:
        try:
            found = self._ask("reports.report_by_receipt", school, {"data": {"receipt": receipt}})
        except RefusedError as refused:
            if refused.code not in UNKNOWN_RECEIPT:
                raise
            return self._render("way_back", language, school, wrong=True)
        open_questions = [
            one["number"]
            for one in found["messages"]
            if one["asks"] and not any(other["answers"] == one["number"] for other in found["messages"])
        ]
        return self._render(
            "conversation",
            language,
            school,
            receipt=receipt,
            report=found,
            told=told,
            asked=open_questions[0] if open_questions else None,
            states=words.STATES,
        )

    # ---- what every page needs

    def _render(self, template: str, language: str, school: str, **facts: Any) -> Response:
        known = {"school": school, "way_in": self._way_in(school), "heads": words.HEADS}
        return self._pages.render(f"telling/{template}.html", language, **known | facts)

    def _way_in(self, school: str) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("reports.way_in", school, {"data": {}})
        return found

    def _ask(self, call: str, school: str, payload: Mapping[str, Any]) -> Any:
        return self._gateway.services.ask(call, self._gateway.access.reporter_token(school), payload).body


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004 - no page so far on


def _faults(question: Question, answers: Mapping[str, str]) -> list[str]:
    """The fields of a question that were left out, or answered with what was not offered."""
    missing = [name for name in question.needed if not answers[name]]
    strange = [
        name for name in question.fields if answers[name] and answers[name] not in CHOICES.get(name, answers[name])
    ]
    return [*missing, *strange]


def _report_of(said: Mapping[str, str]) -> dict[str, Any]:
    """The report that the answers make; what was not said is left out."""
    accused = {"category": said["category"], "name": said["who"]}
    if said["role"] and said["category"] == "staff":
        accused["role"] = said["role"]
    report: dict[str, Any] = {
        "source": said["source"],
        "channel": "web",
        "description": said["description"],
        "place": said["place"] if said["place"] != UNSURE else None,
        "immediate_danger": said["danger"] == "yes",
        "accused": [accused],
    }
    if said["name"] or said["contact"]:
        report["informant"] = {"name": said["name"], "contact": said["contact"]}
    return report
