"""The stories ask every question that the gateway has: what is new is asked as well, or this test names it."""

from __future__ import annotations

from tests.support.telling.questions import BODIES, OF_A_MATTER, OF_MATTERS, OPEN_IDS, QUESTIONS


def test_every_question_in_a_body_has_a_way_to_be_put() -> None:
    """Else no story could ask it."""
    assert {route.call for route in QUESTIONS if route.asks_in_body} == set(BODIES)


def test_every_id_in_a_question_of_a_matter_is_said_to_be_of_it_or_open() -> None:
    """What is of a matter is hidden from whoever must not know of it, and some story must have one such.

    A new name goes into one of the lists of `tests/support/telling/questions.py`.
    """
    names = {name for route in QUESTIONS if route.service in OF_MATTERS for name in route.ids}
    assert names <= {*OF_A_MATTER, *OPEN_IDS}
