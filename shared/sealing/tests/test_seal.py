"""A sealed event opens where it stands, under its key, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import new_id
from shared.sealing.seal import Place, UnsealError, event_key, key_commitment, seal, unseal

PLACE = Place(log="cases", tenant=new_id(), stream=new_id(), version=3, topic="cases.case_opened", actor="person:a")
STREAM_KEY = bytes(range(32))
KEY = event_key(STREAM_KEY, PLACE.stream, PLACE.version)


class TestASealedEvent:
    @given(plaintext=st.binary(max_size=300))
    def test_opens_in_its_place(self, plaintext: bytes) -> None:
        assert unseal(KEY, PLACE, seal(KEY, PLACE, plaintext)) == plaintext

    @pytest.mark.parametrize(
        "changed",
        [
            {"log": "reports"},
            {"tenant": new_id()},
            {"stream": new_id()},
            {"version": 4},
            {"topic": "cases.case_reopened"},
            {"actor": "person:b"},
            {"topic": "cases.case_openedperson", "actor": ":a"},
        ],
        ids=" and ".join,
    )
    def test_does_not_open_in_another_place(self, changed: dict[str, Any]) -> None:
        with pytest.raises(UnsealError):
            unseal(KEY, replace(PLACE, **changed), seal(KEY, PLACE, b"said in confidence"))

    def test_does_not_open_with_any_byte_changed(self) -> None:
        payload = seal(KEY, PLACE, b"said")
        for at in range(len(payload)):
            with pytest.raises(UnsealError):
                unseal(KEY, PLACE, payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :])

    @pytest.mark.parametrize("payload", [b"", b"short", bytes(12), bytes(27), bytes(28)])
    def test_does_not_open_when_it_is_no_payload(self, payload: bytes) -> None:
        with pytest.raises(UnsealError):
            unseal(KEY, PLACE, payload)

    def test_does_not_open_in_the_place_of_its_neighbour(self) -> None:
        """Two payloads of one stream, swapped."""
        second = replace(PLACE, version=4)
        second_key = event_key(STREAM_KEY, second.stream, second.version)
        first, other = seal(KEY, PLACE, b"first"), seal(second_key, second, b"second")
        for key, place, payload in ((KEY, PLACE, other), (second_key, second, first), (second_key, PLACE, other)):
            with pytest.raises(UnsealError):
                unseal(key, place, payload)

    def test_never_looks_the_same_twice(self) -> None:
        assert seal(KEY, PLACE, b"said") != seal(KEY, PLACE, b"said")


class TestAnEventKey:
    def test_is_another_for_each_event_and_stream(self) -> None:
        streams = [PLACE.stream, new_id()]
        keys = {event_key(STREAM_KEY, stream, version) for stream in streams for version in range(1, 50)}
        assert len(keys) == 98

    def test_is_committed_to_without_being_told(self) -> None:
        assert key_commitment(KEY) != key_commitment(event_key(STREAM_KEY, PLACE.stream, 4))
        assert KEY not in key_commitment(KEY)
