"""The accused is the head: a grandfather writes; the deputy leads, the department looks on, the head sees nothing."""

from __future__ import annotations

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Алина Викторовна Шмидт", "birth_date": "2011-08-14", "class_name": "9 «А»"}


def tell(of: Telling) -> None:
    """From the letter to a notification that the deputy approves in the head's place."""
    grandfather = of.nobody("ru")
    deputy, pedagogue, psychologist = of.cast("deputy", "social_pedagogue", "psychologist")

    report = grandfather.reports(
        "Директор при всех назвал мою внучку дурой и запер её в кабинете до вечера, чтобы переписала контрольную",
        source="relative",
        channel="written",
        place="school",
        kinds=["psychological"],
        child={"name": CHILD["name"], "class_name": CHILD["class_name"]},
        accused=[{"name": "Директор школы", "category": "staff", "role": "head"}],
        timing="past",
        happened_text="во вторник после шестого урока",
    )
    deputy.does(f"/reports/{report}/walls", person=of["accused"].id, reason="accused", accused=0)
    case = of.verified(report, "psychological", place="school")
    deputy.lets_in(case, pedagogue, psychologist, deputy)
    pedagogue.identifies(case, CHILD)
    of.assessed(
        case,
        "medium",
        reasons="Один эпизод, девочка отказывается идти в школу; директор продолжает работать",
        child_afraid="yes",
        offender_has_access="yes",
    )
    pedagogue.does(f"/cases/{case}/liability")
    referral = pedagogue.refers(
        case,
        "minors_commission",
        purpose="notification",
        facts={
            "child_name": CHILD["name"],
            "birth_date": CHILD["birth_date"],
            "school_name": of.story.school,
            "school_facts": "Проверка окончена, факт подтверждён",
            "what_happened": "Девочку унизили при классе и удерживали в кабинете четыре часа",
            "kinds": ["psychological"],
            "family_situation": "Живёт с дедом, отношения тёплые",
            "measures_of_the_school": "Девочка учится дома, психолог приходит дважды в неделю",
            "school_contact": "Марат Ильясов, +7 700 000 00 55",
        },
    )
    deputy.lets_go_out(referral)  # the head, who else approves, is walled off
    of.referral_is(case, referral, "delivered")
    officer = of.officer("minors_commission")
    officer.accepts(referral)
    officer.answers(referral, "measures_taken", "The head was reprimanded and apologised in writing")
    of.referral_is(case, referral, "completed")
    grandfather.tells_of_breach(
        report,
        "retaliation",
        "После письма внучку сняли с олимпиады, директор сказал классу, что она жалуется",
        accused=[{"name": "Директор", "category": "staff", "person": of["accused"].id}],
    )
    breach = of.comes_to_know(deputy, "breaches", "breach")
    deputy.does(f"/breaches/{breach}/owner", owner=pedagogue.id)
    pedagogue.does(f"/breaches/{breach}/steps", what="Разговор с классом без директора", finding="Так и было сказано")
    psychologist.meets_child(case, "child", "family", note="Алина рисует закрытые двери; дед просит не торопить")


STORY = Story(
    title="The accused is the head",
    school="Гимназия № 3 имени Канипы Битибаевой",
    language="ru",
    people={
        "deputy": "Марат Сакенович Ильясов",
        "psychologist": "Ольга Павловна Ан",
        "social_pedagogue": ("Ғалия Ерғалиқызы Үсен", "kk"),
        "accused": "Виталий Романович Дроздов",
    },
    tell=tell,
    accused_role="head",
)
