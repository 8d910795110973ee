"""A neighbour about home: a child alone for days; guardianship helps the grandmother, and the case closes."""

from __future__ import annotations

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Нұрбек Әділұлы Төлен", "birth_date": "2018-01-30", "class_name": "2 «А»"}


def tell(of: Telling) -> None:
    """From what is heard through the wall to a home with somebody in it."""
    neighbour = of.nobody("kk")
    head, deputy, pedagogue, psychologist = of.cast("head", "deputy", "social_pedagogue", "psychologist")

    report = neighbour.reports(
        "Көршінің екінші сыныптағы баласы үш күннен бері үйде жалғыз, қабырғадан жылағаны естіледі, нан сұрап келді",
        source="neighbour",
        place="home",
        kinds=["neglect"],
        child={"name": CHILD["name"], "class_name": CHILD["class_name"]},
        accused=[{"name": "Анасы", "category": "parent_or_guardian"}],
        timing="present",
        happened_text="дүйсенбіден бері",
    )
    head.walls_off(report, of["accused"], "close_to_accused")  # the mother's sister works in the canteen
    case = of.verified(report, "neglect", lead="head", place="home")
    head.lets_in(case, psychologist, deputy)
    pedagogue.identifies(case, CHILD)
    of.assessed(
        case,
        "medium",
        reasons="Анасы вахтада, әжесі көшіп келуге дайын",
        harmful_home_conditions="yes",
        strained_family_relations="yes",
    )
    referral = pedagogue.refers(
        case,
        "guardianship",
        facts={
            "child_name": CHILD["name"],
            "birth_date": CHILD["birth_date"],
            "home_address": "Жаңақала қ., Абай көшесі, 12-үй, 40-пәтер",
            "guardians": "Анасы вахтада жұмыс істейді, әкесі белгісіз",
            "family_situation": "Бала жалғыз қалған, әжесі ауылда",
            "kinds": ["neglect"],
            "offender_lives_with_child": True,
            "immediate_danger": False,
            "measures_of_the_school": "Тамақ беріліп, кешке дейін мектепте",
            "school_contact": "Қарлығаш Ізбасарова, +7 700 000 00 22",
        },
    )
    head.lets_go_out(referral)
    of.referral_is(case, referral, "delivered")
    officer = of.officer("guardianship")
    officer.accepts(referral)
    officer.works(referral)
    officer.answers(referral, "child_in_safe_place", "Әжесіне уақытша қамқоршылық рәсімделді")
    of.referral_is(case, referral, "completed")
    of.helped_and_closed(case, reasons="Әжесімен тұрады, анасы қалада жұмыс тапты")


STORY = Story(
    title="A neighbour about home",
    school="№ 22 орта мектеп",
    language="kk",
    people={
        "head": "Сәуле Қабдолқызы Нұрпейіс",
        "deputy": "Берік Ғаниұлы Әлімов",
        "psychologist": "Жанар Өмірқызы Серік",
        "social_pedagogue": "Қарлығаш Ізбасарқызы Ізбасарова",
        "accused": "Ләззат Әділқызы Төлен",
    },
    tell=tell,
    accused_role="safety_engineer",
)
