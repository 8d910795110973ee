"""The agency stays silent: its clock runs out, which is an event; the school acts, and asks elsewhere."""

from __future__ import annotations

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Артём Сергеевич Ковальчук", "birth_date": "2016-09-27", "class_name": "3 «Б»"}


def tell(of: Telling) -> None:
    """The contact centre passes on what a boy told; guardianship does not answer, the polyclinic does."""
    head, deputy, pedagogue, psychologist = of.cast("head", "deputy", "social_pedagogue", "psychologist")
    report = deputy.reports(
        "Мальчик позвонил на 111: отчим запирает его на балконе, когда приходят гости, сегодня тоже",
        source="contact_centre_111",
        channel="phone",
        on_behalf=True,
        place="home",
        kinds=["psychological", "neglect"],
        child={"name": CHILD["name"], "class_name": CHILD["class_name"]},
        accused=[{"name": "Отчим", "category": "parent_or_guardian"}],
    )
    head.walls_off(report, of["accused"], "close_to_accused")  # the stepfather's brother
    case = of.verified(report, "psychological", "neglect", lead="head", place="home")
    head.lets_in(case, psychologist, deputy)
    pedagogue.identifies(case, CHILD)
    of.assessed(
        case,
        "medium",
        reasons="Повторяется по выходным, мать не знает",
        harmful_home_conditions="yes",
        offender_has_access="yes",
    )
    told = {"child_name": CHILD["name"], "birth_date": CHILD["birth_date"], "immediate_danger": False}
    contact = "Юлия Тен, +7 700 000 00 88"
    silent = pedagogue.refers(
        case,
        "guardianship",
        urgency="high",
        facts=told
        | {
            "home_address": "г. Жаңақала, ул. Мира, 9, кв. 3",
            "guardians": "Мать и отчим",
            "family_situation": "Отчим выпивает по выходным",
            "kinds": ["psychological", "neglect"],
            "offender_lives_with_child": True,
            "measures_of_the_school": "Группа продлённого дня и в субботу",
            "school_contact": contact,
        },
    )
    head.lets_go_out(silent)
    of.referral_is(case, silent, "delivered")
    of.later(hours=5)
    of.referral_is(case, silent, "silent")
    of.owes(case, "own_measures")
    pedagogue.takes_own_measures(case, "Бабушка забирает мальчика на выходные", "Звонок матери каждую пятницу")
    head.takes_back(silent, "sent_elsewhere")
    of.referral_is(case, silent, "cancelled")

    heard = pedagogue.refers(
        case,
        "health",
        facts=told
        | {
            "injuries_seen": "Переохлаждение на прошлой неделе",
            "help_needed": "Осмотр педиатра, консультация для матери",
            "school_contact": contact,
        },
    )
    head.lets_go_out(heard)
    of.referral_is(case, heard, "delivered")
    officer = of.officer("health")
    officer.accepts(heard)
    officer.works(heard)
    officer.answers(heard, "helped", "Осмотрен, здоров; мать ходит на консультации")
    of.referral_is(case, heard, "completed")


STORY = Story(
    title="The agency stays silent",
    school="Общеобразовательная школа № 19",
    language="ru",
    people={
        "head": "Людмила Ивановна Чен",
        "deputy": "Юлия Владимировна Тен",
        "psychologist": ("Ақбота Ғаниқызы Ерік", "kk"),
        "social_pedagogue": "Сауле Маратовна Досова",
        "accused": "Олег Викторович Громов",
    },
    tell=tell,
)
