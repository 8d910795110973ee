"""The report proves false: somebody was angry about a mark; it ends as not confirmed, and nothing of it is dropped."""

from __future__ import annotations

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Dana Ospanova", "class_name": "10 B"}


def tell(of: Telling) -> None:
    """From the accusation to the reasons why it is none, told to whoever made it."""
    acquaintance = of.nobody("en")
    head, pedagogue = of.cast("head", "social_pedagogue")

    report = acquaintance.reports(
        "The maths teacher hit Dana Ospanova with a ruler because she would not give back a test",
        source="acquaintance",
        channel="email",
        place="school",
        kinds=["physical"],
        child=CHILD,
        accused=[{"name": "Mr Қайрат Ахмет", "category": "staff", "person": of["accused"].id}],
        timing="past",
    )
    head.triages(report, "physical", owner=pedagogue, note="Check with the child first")
    pedagogue.begins_verification(report)
    pedagogue.finds(report, "Talk with Dana, alone and with her mother", "Dana was ill at home that whole week")
    pedagogue.finds(report, "The school doctor looked at her hands", "No trace of any injury")
    head.writes(report, "Which day was it, and who else was in the room?", asks=True)
    acquaintance.says_by_receipt(report, "I made it up because of my own mark in that class. I am sorry", answers=1)
    pedagogue.rejects(report, "The child was not at school, and whoever reported says that it was made up")
    assert acquaintance.reads_by_receipt(report)["state"] == "not_confirmed"
    of.refused(
        lambda: pedagogue.confirms(report, "physical", place="school"),
        "reports.report_already_ended",
    )
    assert pedagogue.asks("/cases") == {"cases": []}


STORY = Story(
    title="The report proves false",
    school="Astana Road International School",
    language="en",
    people={
        "head": "Catherine Ormanova",
        "social_pedagogue": "Әйгерім Thompson",
        "accused": "Қайрат Ахмет",
    },
    tell=tell,
)
