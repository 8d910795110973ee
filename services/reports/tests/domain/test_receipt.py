"""Receipts: what is written can be read however it was copied, and what was miscopied is told."""

from __future__ import annotations

import random

import pytest

from services.reports.domain.receipt import ALPHABET, BITS, read, receipt_stream, written

pytestmark = pytest.mark.requirement("REP-03")
SECRETS = [0, 1, 2**BITS - 1, *(random.Random(7).getrandbits(BITS) for _ in range(20))]


@pytest.mark.parametrize("secret", SECRETS)
class TestAReceipt:
    def test_is_six_groups_of_four_that_hold_all_its_bits(self, secret: int) -> None:
        text = written(secret)
        assert [len(group) for group in text.split("-")] == [4] * 6
        value = 0
        for one in text.replace("-", "")[:20]:
            value = value << 5 | ALPHABET.index(one)
        assert value == secret

    def test_is_read_in_small_letters_with_spaces_and_in_letters_that_look_alike(self, secret: int) -> None:
        code = written(secret).replace("-", "")
        alike = code.translate(str.maketrans("01ABCEHKMPTX", "OlАВСЕНКМРТХ"))
        for typed in (written(secret), code, code.lower(), f" {' '.join(code)} ", alike, alike.lower()):
            assert read(typed) == code

    def test_is_none_with_one_character_wrong(self, secret: int) -> None:
        code = written(secret).replace("-", "")
        for place, right in enumerate(code):
            for wrong in set(ALPHABET) - {right}:
                assert read(code[:place] + wrong + code[place + 1 :]) is None

    def test_is_none_with_two_characters_swapped(self, secret: int) -> None:
        code = written(secret).replace("-", "")
        for one in range(len(code)):
            for other in range(one):
                swapped = list(code)
                swapped[one], swapped[other] = swapped[other], swapped[one]
                assert (read("".join(swapped)) is None) is (code[one] != code[other])

    def test_is_none_with_four_characters_wrong(self, secret: int) -> None:
        chance, code = random.Random(secret), written(secret).replace("-", "")
        for _ in range(300):
            typed = list(code)
            for place in chance.sample(range(len(code)), 4):
                typed[place] = chance.choice(ALPHABET)
            assert read("".join(typed)) in (None, code if "".join(typed) == code else None)


@pytest.mark.parametrize("typed", ["", "7", "Z" * 23, "Z" * 25, "!" * 24, "ү" * 24])
def test_anything_else_is_none(typed: str) -> None:
    assert read(typed) is None


def test_leads_to_another_stream_under_another_key() -> None:
    code = written(5).replace("-", "")
    streams = {receipt_stream(key, code) for key in (b"1" * 32, b"2" * 32)}
    assert len(streams) == 2
    assert receipt_stream(b"1" * 32, code) in streams
