"""A drawing noticed by a teacher: a father hits at home; the family learns to live without it."""

from __future__ import annotations

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Аяла Жомартқызы Ғаниева", "birth_date": "2016-03-09", "class_name": "4 «Ә»"}


def tell(of: Telling) -> None:
    """From the drawing to the closed case."""
    teacher, psychologist, pedagogue, deputy = of.cast("class_teacher", "psychologist", "social_pedagogue", "deputy")

    note = teacher.notes_a_sign(
        "Суретте үйдің терезесі қап-қара, әке қолында таяқ, қыз үстелдің астында",
        method="analysing_work",
        child=CHILD,
        accused=[{"name": "Жомарт Ғаниев", "category": "parent_or_guardian", "person": of["accused"].id}],
    )
    psychologist.considers(note, "watched_on", "Баламен сурет туралы сөйлесемін")
    report = teacher.reports(
        "Қыз сурет туралы сұрағанда жылап, әкесі ашуланғанда белбеумен ұратынын айтты",
        source="staff",
        channel="in_person",
        place="home",
        kinds=["physical"],
        child=CHILD,
        accused=[{"name": "Жомарт Ғаниев", "category": "parent_or_guardian", "person": of["accused"].id}],
        timing="present",
    )
    case = of.verified(report, "physical", place="home")

    deputy.lets_in(case, pedagogue, psychologist, deputy, teacher)
    of.refused(lambda: teacher.asks(f"/cases/{case}"), "cases.confidentiality_warning_not_accepted")
    teacher.accepts_the_warning(case)
    pedagogue.identifies(case, CHILD)
    of.assessed(
        case,
        "medium",
        reasons="Екі рет ұрған, із қалмаған; анасы қорғайды, әкесі көмек сұрауға дайын",
        parents="parents_not_invited",
        past_violence="yes",
        child_afraid="yes",
        offender_has_access="yes",
    )

    referral = pedagogue.refers(
        case,
        "guardianship",
        purpose="notification",
        facts={
            "child_name": CHILD["name"],
            "birth_date": CHILD["birth_date"],
            "home_address": "Жаңақала қ., Тәуелсіздік даңғылы, 17-үй",
            "guardians": "Анасы Күләш, әкесі Жомарт",
            "family_situation": "Әкесі жұмыстан айырылған, үйде жиі ашуланады",
            "kinds": ["physical"],
            "offender_lives_with_child": True,
            "immediate_danger": False,
            "measures_of_the_school": "Қызбен психолог жұмыс істейді",
            "school_contact": "Светлана Петровна Ким, +7 700 000 00 31",
        },
    )
    of["head"].lets_go_out(referral)
    of.referral_is(case, referral, "delivered")
    officer = of.officer("guardianship")
    officer.accepts(referral)
    officer.works(referral)
    officer.answers(referral, "helped", "Отбасымен жұмыс басталды, әкесі курсқа жазылды")
    of.referral_is(case, referral, "completed")
    of.helped_and_closed(case, reasons="Үйде тыныш, қыз жайдары; әкесі курсты бітірді")


STORY = Story(
    title="A drawing noticed by a teacher",
    school="Ыбырай Алтынсарин атындағы № 31 мектеп-лицей",
    language="kk",
    people={
        "head": "Гүлнәр Сәбитқызы Әбдірахманова",
        "deputy": "Ерлан Қуанышұлы Төлегенов",
        "class_teacher": "Әсел Өмірбекқызы Һәкімова",
        "psychologist": "Айгүл Нұрланқызы Жүнісова",
        "social_pedagogue": ("Светлана Петровна Ким", "ru"),
        "accused": "Жомарт Қайратұлы Ғаниев",
    },
    tell=tell,
    readers=("social_pedagogue", "class_teacher"),
)
