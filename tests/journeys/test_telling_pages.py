"""A child tells, on a phone, without an account: the pages in a real browser, over a real suite (REP-11 to REP-15)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from cli.story.city import School
from services.gateway.languages import LANGUAGES
from tests.conftest import PHONE
from tests.support.cities import city_of
from tests.support.suites import RunningSuite

SAID = "Ұлдар күнде әжетханада ақшамды тартып алады, қорқамын"
CONTACT = {
    "name": "Әсел Ғаниқызы Өтегенова",
    "role": "Әлеуметтік педагог",
    "recognise": "Көк кеудеше киеді",
    "reach": "2-қабат, 214-бөлме",
    "will_do": "Тыңдайды да, бірге не істейтінімізді айтады",
    "leads_on_safety": True,
}
HELPLINE = "111"


@pytest.fixture(scope="module")
def school(embedded: RunningSuite) -> Iterator[School]:
    """A school that has said whom to turn to."""
    with city_of(embedded) as city:
        school = city.schools[0]
        school.api("head").post("/way-in/contacts", {"contacts": [CONTACT]})
        yield school


def address_of(school: School, language: str = "kk") -> str:
    """Where the posters lead."""
    return f"{school.api('head').address}/{language}/tell/{school.id}"


def choose(phone: Page, choice: str) -> None:
    """Answers a question with one of its choices."""
    phone.get_by_label(choice, exact=True).check()
    go_on(phone)


def go_on(phone: Page) -> None:
    """To the next page; each has the child helpline and the way out."""
    phone.get_by_role("button", name="Әрі қарай").click()
    assert phone.get_by_role("link", name=HELPLINE).is_visible()
    assert phone.get_by_role("link", name="Беттен тез шығу").is_visible()


def told(phone: Page, school: School) -> str:
    """Tells it all, and gives the receipt."""
    phone.goto(address_of(school))
    phone.get_by_role("button", name="Бастау").click()
    choose(phone, "Жоқ")
    phone.locator("#description").fill(SAID)
    go_on(phone)
    choose(phone, "Мектепте")
    choose(phone, "Бұл менің басымнан өтті")
    choose(phone, "Бала немесе жасөспірім")
    go_on(phone)
    assert SAID in phone.content()
    phone.get_by_role("button", name="Жіберу").click()
    return phone.locator(".receipt").inner_text()


@pytest.mark.requirement("REP-11")
@pytest.mark.requirement("REP-03")
def test_tells_in_six_short_questions_and_comes_back(school: School, phone: Page) -> None:
    """One question a page; nothing of it stands in an address; the answer is read with the receipt."""
    receipt = told(phone, school)
    assert re.fullmatch(r"([0-9A-Z]{4}-){5}[0-9A-Z]{4}", receipt)
    head = school.api("head")
    filed = next(one for one in head.get("/reports")["reports"] if one["source"] == "child_victim")
    shown = head.get(f"/reports/{filed['report']}")
    assert (shown["description"], shown["place"], shown["immediate_danger"]) == (SAID, "school", False)
    assert shown["accused"][0]["category"] == "peer"
    head.post(f"/reports/{filed['report']}/messages", {"text": "Саған сенеміз. Ертең кездесе аламыз ба?", "asks": True})

    phone.goto(f"{address_of(school)}/back")
    phone.locator("#receipt").fill("0000-0000-0000-0000-0000-0001")
    phone.get_by_role("button", name="Жауапты көрсету").click()
    assert "табылмады" in phone.get_by_role("alert").inner_text()
    phone.locator("#receipt").fill(receipt.lower())
    phone.get_by_role("button", name="Жауапты көрсету").click()
    assert "Саған сенеміз." in phone.content()
    phone.locator("#text").fill("Иә, үзілісте")
    phone.get_by_role("button", name="Жіберу").click()
    assert phone.get_by_role("status").inner_text() == "Мектепке жетті."
    assert receipt not in phone.url
    assert "Иә, үзілісте" in str(head.get(f"/reports/{filed['report']}")["messages"])


@pytest.mark.requirement("REP-11")
def test_loses_nothing_where_a_question_is_not_answered(school: School, phone: Page) -> None:
    """It is asked again, with what was said before."""
    phone.goto(address_of(school))
    phone.get_by_role("button", name="Бастау").click()
    choose(phone, "Жоқ")
    phone.locator("#description").fill(SAID)
    go_on(phone)
    go_on(phone)
    assert phone.get_by_role("alert").is_visible()
    choose(phone, "Үйде")
    assert phone.locator("input[name=description]").input_value() == SAID


@pytest.mark.requirement("REP-11")
def test_sent_twice_is_filed_once_with_the_same_receipt(school: School) -> None:
    """A tap too many, or a lost answer."""
    form = {"command": "9a1d0f70-4a1e-4b36-9a60-2f6f4b3b9e11", "secret": "k" * 43, "danger": "no", "description": SAID}
    form |= {"place": "unknown", "source": "neighbour", "category": "unknown"}
    first, second = (requests.post(f"{address_of(school)}/sent", data=form, timeout=30) for _ in range(2))
    receipts = [re.search(r'class="receipt"[^>]*>([^<]+)<', page.text) for page in (first, second)]
    assert [page.status_code for page in (first, second)] == [200, 200]
    assert receipts[0] is not None
    assert receipts[1] is not None
    assert receipts[0].group(1) == receipts[1].group(1)
    filed = [one for one in school.api("head").get("/reports")["reports"] if one["source"] == "neighbour"]
    assert [one["place"] for one in filed] == [None]


@pytest.mark.requirement("REP-11")
def test_leaves_quickly_and_leaves_nothing(school: School) -> None:
    """To a neutral page; the browser is asked to forget, and keeps no page of ours anyhow."""
    left = requests.get(f"{address_of(school)}/out", timeout=30, allow_redirects=False)
    assert (left.status_code, left.headers["Location"]) == (303, "https://www.kazhydromet.kz/")
    assert '"cache"' in left.headers["Clear-Site-Data"]
    for path in ("", "/people", "/back"):
        page = requests.get(address_of(school) + path, timeout=30)
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers


@pytest.mark.requirement("REP-14")
@pytest.mark.parametrize(
    ("language", "who", "no_secret"),
    [
        ("kk", "Мұны кім оқиды", "ешкім уәде бере алмайды"),
        ("ru", "Кто это прочитает", "Никто не может обещать"),
        ("en", "Who will read it", "Nobody can promise"),
    ],
)
def test_is_told_beforehand_who_will_read_it_and_promised_no_secrecy(
    school: School, language: str, who: str, no_secret: str
) -> None:
    """And that a friend or any adult may be told instead."""
    page = requests.get(address_of(school, language), timeout=30).text
    assert who in page
    assert no_secret in page


@pytest.mark.requirement("REP-15")
def test_sees_whom_to_turn_to(school: School, phone: Page) -> None:
    """By name, how to recognise and reach them, what they will do; no session, at any time."""
    phone.goto(f"{address_of(school)}/people")
    shown = phone.content()
    assert all(str(said) in shown for name, said in CONTACT.items() if name != "leads_on_safety")


def test_is_not_told_of_a_school_that_is_none(school: School) -> None:
    """An address that somebody made up leads nowhere."""
    assert requests.get(address_of(school).replace(school.id[:8], "0" * 8), timeout=30).status_code == 404


@pytest.mark.requirement("REP-11")
def test_everybody_can_use_it(school: School, browser: Any) -> None:
    """No violation that axe knows, nothing wider than a phone, in each language."""
    context = browser.new_context(viewport=PHONE, bypass_csp=True)  # axe is a script
    page = context.new_page()
    for language in LANGUAGES:
        for path in ("", "/people", "/back"):
            page.goto(address_of(school, language) + path)
            check(page)
        page.goto(address_of(school, language))
        page.locator("main button").click()
        check(page)
        page.locator("input[value=yes]").check()
        page.locator("main button").click()
        check(page)
    context.close()


def check(page: Page) -> None:
    """A page as it stands."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
