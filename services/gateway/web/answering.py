"""The page of a one-time link: an agency without an account reads what it is asked, and answers in two taps (REF-04).

The address that is sent, `/kk/answer/<link>`, asks no service for anything: programs that look at addresses before
people do see a button, and change nothing. Everything else goes by POST with the link in the form, so that it stands in
no address; what is logged of the first address is its pattern (`bootstrap._finish`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, request

from services.gateway.api.serving import Gateway
from services.gateway.clients import RefusedError
from services.gateway.web import labels
from services.gateway.web.catalogues import noted
from services.gateway.web.moments import moment
from services.gateway.web.pages import Pages, area, form_of, in_own_language

YES, NO = noted("Yes"), noted("No")
NOT_OPEN = "referrals.link_not_open"
GONE = 410


def blueprint(pages: Pages, gateway: Gateway) -> Blueprint:
    """The area's addresses."""
    answering = _Answering(pages, gateway)
    made = area("answering", pages)
    made.add_url_rule("/answer/<link>", endpoint="led", view_func=lambda link: in_own_language(f"/answer/{link}"))
    made.add_url_rule("/<language:language>/answer/<link>", endpoint="door", view_func=answering.door)
    made.add_url_rule("/<language:language>/answer", endpoint="open", view_func=answering.open, methods=["POST"])
    made.add_url_rule("/<language:language>/answer/step", endpoint="step", view_func=answering.step, methods=["POST"])
    return made


class _Answering:
    """The views, over the services."""

    def __init__(self, pages: Pages, gateway: Gateway) -> None:
        self._pages = pages
        self._services = gateway.services

    def door(self, language: str, link: str) -> Response:
        """What the address shows by itself: a button."""
        return self._pages.render("answering/door.html", language, link=link)

    def open(self, language: str) -> Response:
        """What the agency is asked; that it was opened is an event."""
        sent = form_of(request, "link", "command")
        data = {"link": sent["link"], "opening": sent["command"]}
        return self._answered(language, sent["link"], "referrals.seen_by_link", data, told=False)

    def step(self, language: str) -> Response:
        """The agency's answer; sent twice it is taken once."""
        sent = form_of(request, "link", "command", "step", "reason", "outcome", "text")
        data = {"answer": sent["command"], **{name: sent[name] for name in sent if name != "command"}}
        return self._answered(language, sent["link"], "referrals.answered_by_link", data, told=True)

    def _answered(self, language: str, link: str, call: str, data: Mapping[str, str], *, told: bool) -> Response:
        try:
            referral = self._services.ask(call, {"data": data}).body
        except RefusedError as refused:
            if refused.code != NOT_OPEN:
                raise
            reason = refused.facts.get("reason")
            return self._pages.render("answering/closed.html", language, status=GONE, reason=reason)
        say = self._pages.gettext(language)
        return self._pages.render(
            "answering/referral.html",
            language,
            link=link,
            told=told,
            referral=referral,
            facts=list(_facts(referral.get("facts") or {}, say, language)),
            labels=labels,
        )


def _facts(facts: Mapping[str, Any], say: Callable[[str], str], language: str) -> Iterator[tuple[str, str]]:
    """What the school said, as a form has it: words for names and codes."""
    for name, value in facts.items():
        yield say(labels.FIELDS.get(name, name)), _value(name, value, say, language)


def _value(name: str, value: Any, say: Callable[[str], str], language: str) -> str:
    if isinstance(value, bool):
        return say(YES) if value else say(NO)
    if isinstance(value, list):
        return ", ".join(say(labels.word(code)) for code in value)
    return moment(value, language) if name == "birth_date" else str(value)
