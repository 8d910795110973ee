"""The agency refuses: below its threshold, says the commission; the school takes measures of its own."""

from __future__ import annotations

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Leila Zhaksybekova", "birth_date": "2013-05-08", "class_name": "7 C"}


def tell(of: Telling) -> None:
    """A relative tells; a teacher's jokes wear a girl down; nobody outside will step in."""
    aunt = of.nobody("en")
    head, pedagogue, psychologist = of.cast("head", "social_pedagogue", "psychologist")
    report = aunt.reports(
        "My niece is called stupid before the class by her art teacher every week, and the others have joined in",
        source="relative",
        channel="social_network",
        place="school",
        kinds=["psychological", "bullying"],
        child={"name": CHILD["name"], "class_name": CHILD["class_name"]},
        accused=[{"name": "The art teacher", "category": "staff", "person": of["accused"].id}],
    )
    case = of.verified(report, "psychological", "bullying", lead="head", place="school")
    head.lets_in(case, psychologist, head)
    pedagogue.identifies(case, CHILD)
    of.assessed(
        case, "medium", reasons="Every week since September; she eats alone now", strained_class_relations="yes"
    )
    referral = pedagogue.refers(
        case,
        "minors_commission",
        facts={
            "child_name": CHILD["name"],
            "birth_date": CHILD["birth_date"],
            "school_name": of.story.school,
            "school_facts": "Verified with six pupils, one by one",
            "what_happened": "Weekly humiliation in class, taken up by classmates",
            "kinds": ["psychological", "bullying"],
            "family_situation": "Lives with her aunt; a calm home",
            "measures_of_the_school": "The psychologist sees her twice a week",
            "school_contact": "Ömer Қаныш, +7 700 000 00 66",
        },
    )
    head.lets_go_out(referral)
    of.referral_is(case, referral, "delivered")
    officer = of.officer("minors_commission")
    officer.declines(referral, "below_threshold", "No offence in the sense of the code; the school may act itself")
    of.referral_is(case, referral, "declined")
    of.owes(case, "own_measures")
    of.refused(
        lambda: pedagogue.closes(case, psychologist, head),
        "cases.duties_still_open",
    )
    pedagogue.takes_own_measures(
        case, "Another teacher takes art in 7 C from Monday", "Class hours on jokes that hurt, with the psychologist"
    )
    psychologist.meets_child(case, "child", "peers", note="Two classmates want to paint a wall with her")


STORY = Story(
    title="The agency refuses",
    school="Green Hill International School",
    language="en",
    people={
        "head": "Margaret Суханова",
        "psychologist": "Zarina Әлімқұлова",
        "social_pedagogue": "Ömer Қаныш",
        "accused": "Robert Fleming",
    },
    tell=tell,
)
