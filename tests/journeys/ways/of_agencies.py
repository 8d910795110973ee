"""Agencies without a system: a link that is answered, the directory out and in again as HSDS."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import requests

from cli.api_client import Api, until
from cli.story import texts
from tests.journeys.ways.cast import Cast, refused

NEEDED = "Қауіпсіз түнейтін орын"
FACTS = {
    "child_name": texts.CHILD["name"],
    "birth_date": texts.CHILD["birth_date"],
    "help_needed": NEEDED,
    "immediate_danger": False,
    "offender_lives_with_child": True,
    "language_of_the_child": ["kk"],
    "school_contact": "Светлана Петровна Ким, +7 700 000 00 12",
}
DETAILS = {
    "name": "«Үміт» дағдарыс орталығы",
    "description": "Тәулік бойы қабылдайды",
    "phones": ["8 800 000 00 00"],
    "languages": ["kk", "ru"],
    "needed_for": ["economic"],
    "when_to_turn": "Бала үйде қала алмаса",
    "steps": ["қоңырау", "қабылдау"],
}
COMMAND = re.compile('name="command" value="([^"]+)"')


class Page:
    """The page behind a link, as its form sends: no script, no session."""

    def __init__(self, api: Api, link: str) -> None:
        self.address, self.link = f"{api.address}/kk/answer", link

    def look(self) -> requests.Response:
        """By the address alone, as a preview does."""
        return requests.get(f"{self.address}/{self.link}", timeout=30)

    def tap(self, command: str = "", **step: str) -> requests.Response:
        """Opens the referral, or answers with a step of it."""
        form = {"link": self.link, "command": command or str(uuid4()), **step}
        return requests.post(self.address + ("/step" if step else ""), data=form, timeout=30)


class Ways:
    """What agencies do that have no program of their own."""

    @pytest.mark.requirement("REF-04")
    def test_a_crisis_centre_without_an_account_answers_by_its_link(self, cast: Cast) -> None:
        """Handed over by the head, opened, accepted, brought to its end; a look alone does nothing."""
        school, of_case = cast.school, f"/cases/{cast.open_case()[1]}"
        head, pedagogue = school.api("head"), school.api("social_pedagogue")
        agency = a_crisis_centre(cast)
        asked = {"agency": agency, "purpose": "service", "urgency": "high", "facts": FACTS}
        draft = partial(pedagogue.post, f"{of_case}/referrals", asked)
        referral = until(draft, "the agency and the case to be heard of")["referral"]
        of = f"/referrals/{referral}"
        head.post(f"{of}/approval", {"fields": sorted(FACTS)})
        assert refused(lambda: pedagogue.post(f"{of}/link"))[0] == 403
        first, page = (Page(head, head.post(f"{of}/link")["link"]) for _ in range(2))
        assert first.tap().status_code == 410  # a new link closes the one before
        assert (page.look().status_code, NEEDED in page.look().text) == (200, False)
        assert head.get(of)["state"] == "requested"
        opened = page.tap()
        assert NEEDED in opened.text
        for _ in range(2):  # sent twice, taken once
            assert page.tap(COMMAND.findall(opened.text)[0], step="accept").status_code == 200
        until(lambda: head.get(of)["state"] == "accepted", "the school to know that it was accepted")
        assert NEEDED not in page.tap().text
        ended = page.tap(step="complete", outcome="helped", text="Орын берілді")
        assert ended.status_code == 200
        until(lambda: head.get(of)["state"] == "completed", "the school to know how it ended")
        assert page.tap().status_code == 410
        told = until(
            lambda: [one for one in pedagogue.get(of_case)["referrals"] if one["state"] == "completed"], "the case"
        )
        assert [one["referral"] for one in told] == [referral]

    @pytest.mark.requirement("REF-02")
    def test_the_directory_goes_out_and_comes_in_again_as_hsds(self, cast: Cast) -> None:
        """What one department wrote is read by any; every fault is told by its path, and nothing is taken then."""
        administrator, pedagogue = cast.department.administrator, cast.school.api("social_pedagogue")
        agency = a_crisis_centre(cast)
        describe = partial(administrator.post, f"/directory/{agency}", {"details": DETAILS})
        until(describe, "the agency to be heard of")
        assert refused(lambda: pedagogue.get("/directory/hsds"))[0] == 403
        [organization] = until(partial(exported, administrator, agency), "the agency in the export")
        assert organization["name"] == DETAILS["name"]
        revised = organization | {"name": "«Үміт» орталығы", "phones": [{"id": str(uuid4()), "number": "116 111"}]}
        strange = revised | {"id": str(uuid4())}
        wrong = partial(administrator.post, "/directory/hsds", {"organizations": [revised, strange | {"name": ""}]})
        assert refused(wrong) == (422, "common.invalid_input")
        assert exported(administrator, agency) == [organization]
        taken = administrator.post("/directory/hsds", {"organizations": [revised]})
        assert taken["agencies"] == [agency]
        shown = until(partial(needed_for, pedagogue, agency, "economic", revised["name"]), "the entry to be revised")
        assert (shown["phones"], shown["when_to_turn"]) == (["116 111"], DETAILS["when_to_turn"])


def referrals_of(api: Api, of_case: str) -> list[tuple[str, str]]:
    """A case's referrals, each with its state."""
    return [(one["referral"], one["state"]) for one in api.get(of_case)["referrals"]]


def a_crisis_centre(cast: Cast) -> str:
    """An agency that is reached by links alone."""
    registered = {"kind": "crisis_centre", "name": DETAILS["name"], "channel": "link"}
    return str(cast.department.administrator.post("/agencies", registered)["agency"])


def exported(administrator: Api, agency: str) -> list[dict[str, Any]]:
    """An agency in the department's file."""
    return [one for one in administrator.get("/directory/hsds")["organizations"] if one["id"] == agency]


def needed_for(api: Api, agency: str, kind: str, name: str) -> dict[str, Any] | None:
    """What the directory says of an agency that a kind of case needs, under that name."""
    found = [one for one in api.get("/directory/needed", kinds=kind)["agencies"] if one["agency"] == agency]
    entries: list[dict[str, Any]] = [one["entry"]["details"] for one in found if one["entry"]]
    return next((one for one in entries if one["name"] == name), None)
