"""A mother by phone about a trainer: the police take it up, and the service decides how he is dealt with."""

from __future__ import annotations

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Інжу Ерболқызы Сапар", "birth_date": "2013-06-21", "class_name": "6 «В»"}


def tell(of: Telling) -> None:
    """From the call, put down by the social pedagogue, to what the service decides on the trainer."""
    head, deputy, pedagogue, psychologist = of.cast("head", "deputy", "social_pedagogue", "psychologist")
    accused = {"name": "Серік Болатов", "category": "staff", "person": of["accused"].id}

    report = pedagogue.reports(
        "Анасы телефон соқты: жаттықтырушы жаттығудан соң қызын құшақтап жібермеген, «ешкімге айтпа» деген",
        source="parent_or_guardian",
        channel="phone",
        on_behalf=True,
        informant={"name": "Гүлмира Сапар", "contact": "+7 701 000 11 22"},
        place="outside",
        kinds=["sexual"],
        child={"name": CHILD["name"], "class_name": CHILD["class_name"]},
        accused=[accused],
        timing="present",
    )
    case = of.verified(report, "sexual", place="outside")
    deputy.does(f"/reports/{report}/reporter-identity", reason="Анасына тергеу барысын айту керек")

    head.lets_in(case, pedagogue, psychologist, deputy, head)
    pedagogue.identifies(case, CHILD)
    of.assessed(
        case,
        "high",
        reasons="Жаттықтырушы күн сайын қасында; тағы екі қыз секциядан шықты",
        offender_has_access="yes",
        child_afraid="yes",
        future_threat="yes",
    )
    referral = pedagogue.refers(
        case,
        "police",
        purpose="notification",
        urgency="high",
        facts={
            "child_name": CHILD["name"],
            "birth_date": CHILD["birth_date"],
            "school_name": of.story.school,
            "school_facts": "Тексеру аяқталды, факт расталды",
            "what_happened": "Жаттықтырушы қызды еркінен тыс құшақтап ұстаған, айтпауын талап еткен",
            "kinds": ["sexual"],
            "when_and_where": "Қараша, спорт кешені, сейсенбідегі жаттығудан кейін",
            "immediate_danger": False,
            "school_contact": "Светлана Петровна Ким, +7 700 000 00 44",
        },
    )
    head.lets_go_out(referral)
    of.referral_is(case, referral, "completed")  # by the police's own program, over AMQP

    met = pedagogue.holds_meeting(case, psychologist, deputy, discussed="Полиция тергеуді бастады; секцияны тоқтату")
    pedagogue.does(
        f"/cases/{case}/offender",
        adult="staff",
        telling="by_the_agency",
        told_when="Тергеуші рұқсат еткен күні",
        told_of_the_process="Ішкі тергеу мен құқықтары түсіндіріледі",
        work_protected="Тергеу біткенше балалармен жұмыстан босатылды, жалақысы сақталады",
        private_life_protected="Себебі ұжымға айтылмайды",
        considered="Екі қыздың сөзі, ата-ананың өтініші, бұрынғы шағым",
        best_interests="Інжу секцияға басқа жаттықтырушымен оралады",
        meeting=met,
    )
    psychologist.meets_child(case, "child", "family", note="Анасы кінәлаудан қорқады; қызға сенетінін айтты")


STORY = Story(
    title="A mother by phone about a trainer",
    school="№ 44 балалар-жасөспірімдер спорт мектебі",
    language="kk",
    people={
        "head": "Дәулет Әшімұлы Қасымов",
        "deputy": "Ұлжан Мәлікқызы Ертаева",
        "psychologist": "Айдана Ғабитқызы Өтеген",
        "social_pedagogue": ("Светлана Петровна Ким", "ru"),
        "accused": "Серік Жұмабекұлы Болатов",
    },
    tell=tell,
)
