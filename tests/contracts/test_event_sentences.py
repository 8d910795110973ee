"""Every event has a sentence in each language, which names only facts that it has; every code has its word."""

from __future__ import annotations

import string
from inspect import get_annotations
from pathlib import Path

import pytest

from cli.auditing.sentences import LANGUAGES, Sentences, catalogue, words
from cli.services import ALL_SERVICES
from shared.domain import known_topics
from shared.ledger.access_log import ACCESS_TOPICS
from shared.ledger.erasure import Erasure
from shared.ledger.retention import Hold

OURS = {parts.name for parts in ALL_SERVICES}
OF_ERASURE = {event.TOPIC for kind in (Erasure, Hold) for event in vars(kind).values() if hasattr(event, "TOPIC")}
OF_SERVICES = {topic for topic in known_topics() if topic.partition(".")[0] in OURS}
TOPICS = sorted(OF_SERVICES | OF_ERASURE | ACCESS_TOPICS)


def places(sentence: str) -> set[str]:
    """The facts that a sentence names."""
    return {name for _, name, *_ in string.Formatter().parse(sentence) if name}


class TestTheSentencesOfEvents:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_are_there_for_every_registered_topic_and_no_other(self, language: str) -> None:
        assert sorted(catalogue(language)["sentences"]) == TOPICS

    @pytest.mark.parametrize("topic", TOPICS)
    def test_name_only_facts_that_the_event_has(self, topic: str) -> None:
        event_class = known_topics().get(topic)
        facts = {"what", "ids", "rule", "purpose", "contents"}
        if event_class is not None:
            facts = {name for one in event_class.__mro__ for name in get_annotations(one)}
        for language in LANGUAGES:
            assert places(catalogue(language)["sentences"][topic]) <= facts

    @pytest.mark.parametrize("language", ["kk", "ru"])
    @pytest.mark.parametrize("part", ["actors", "labels", "faults"])
    def test_have_the_same_words_about_them_in_every_language(self, language: str, part: str) -> None:
        assert set(catalogue(language)[part]) == set(catalogue("en")[part])

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_words_for_codes(self, language: str) -> None:
        assert all(str(word).strip() == word for word in words(language).values())

    def test_of_a_topic_without_one_are_its_name_and_facts(self) -> None:
        said = Sentences("en").what("sample.unheard_of", {"level": "high", "timestamp": "2026-09-01T00:00:00+00:00"})
        assert said == "sample.unheard_of: level: high"

    def test_show_ids_short_times_of_almaty_and_a_dash_for_nothing(self) -> None:
        said = Sentences("ru").what(
            "cases.referral_delivery_noted",
            {"referral": "6ac7ce6c-3b54-4e6b-9ae1-1d23c0ff3b0a", "delivered_at": "2026-09-01T04:00:00+00:00"},
        )
        assert said == "Направление 6ac7ce6c… доставлено 01.09.2026 09:00: —."


class TestTheFaultsOfVerification:
    def test_have_words_for_every_code_in_the_source(self) -> None:
        """Codes are literals in the modules that find faults."""
        root = Path(__file__).parents[2] / "shared"
        sources = [
            *sorted((root / "audit").glob("*.py")),
            root / "ledger/note.py",
            root / "ledger/checkpoint_log.py",
            *(root / "ledger").glob("verif*.py"),
            root.parent / "cli/auditing/witnessed.py",
        ]
        text = "".join(path.read_text(encoding="utf-8") for path in sources)
        known = catalogue("en")["faults"]
        assert [code for code in known if f'"{code}' not in text and code != "found_at_export"] in (
            [],
            ["head_behind_checkpoint"],
        )
