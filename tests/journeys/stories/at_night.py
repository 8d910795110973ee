"""High risk at night, with an ambulance: a girl has swallowed pills; help comes before any verification."""

from __future__ import annotations

from datetime import timedelta

from shared.regulation import ALMATY
from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Малика Тұрарқызы Ісләм", "birth_date": "2010-10-01", "class_name": "10 «А»"}
NIGHT = 2


def tell(of: Telling) -> None:
    """From the nurse's call at two in the morning to the agencies, whose answers come by day."""
    nurse, deputy, pedagogue, psychologist = of.cast("school_doctor", "deputy", "social_pedagogue", "psychologist")
    here = of.now.astimezone(ALMATY)
    of.later(hours=(NIGHT - here.hour) % 24)

    report = nurse.reports(
        "Қыз түнде таблетка ішіп қойған, есі бар, құсып жатыр; «енді шыдай алмаймын, ол тағы келеді» дейді",
        source="hotline",
        channel="phone",
        place="dormitory",
        kinds=["sexual", "psychological"],
        child={"name": CHILD["name"], "class_name": CHILD["class_name"]},
        accused=[{"name": "Күзетші", "category": "staff", "person": of["accused"].id}],
        immediate_danger=True,
        timing="present",
    )
    of.later(minutes=16)  # nobody looked: the alarm is an event
    of.waits_until(
        lambda: [one for one in deputy.asks(f"/reports/{report}/deadlines")["deadlines"] if one["missed"]],
        "the first action to be missed",
    )
    deputy.acts_at_once(report, "Жедел жәрдем шақырылды, күзетші кезекшіліктен алынды", "health", "police")
    deputy.triages(report, "sexual", "psychological", owner=pedagogue, urgency="immediate", immediate_danger=True)
    pedagogue.begins_verification(report)
    pedagogue.finds(report, "Бөлмелес қызбен және медбикемен әңгіме", "Күзетші үш рет түнде кірген")
    pedagogue.confirms(report, "sexual", "psychological", place="dormitory")
    case = of.case_besides(set())

    deputy.lets_in(case, psychologist, nurse, deputy)
    pedagogue.identifies(case, CHILD)
    called = of.now
    help_asked = nurse.calls_for_help(case, "ambulance", "Белгісіз таблетка, бір сағат бұрын; асқазан шайылмаған")
    of.later(minutes=25)
    nurse.tells_of_help(
        case,
        help_asked,
        helper="ambulance_crew",
        began=(called + timedelta(minutes=12)).isoformat(),
        ended=(called + timedelta(minutes=24)).isoformat(),
        outcome="Асқазан шайылды, балалар ауруханасына алып кетті, әжесі қасында",
    )
    pedagogue.assesses(
        case,
        "high",
        reasons="Өзіне қол салу әрекеті, зорлық қайталанған, күзетшінің кілті бар",
        injuries_or_illness="yes",
        past_violence="yes",
        present_harm="yes",
        future_threat="yes",
        offender_has_access="yes",
        child_afraid="yes",
    )
    assert pedagogue.asks(f"/cases/{case}")["interagency_step_open"]
    referral = pedagogue.refers(
        case,
        "police",
        purpose="notification",
        urgency="high",
        facts={
            "child_name": CHILD["name"],
            "birth_date": CHILD["birth_date"],
            "school_name": of.story.school,
            "school_facts": "Бөлмелес қыз бен медбике растады",
            "what_happened": "Күзетші түнде бөлмеге үш рет кірген",
            "kinds": ["sexual", "psychological"],
            "when_and_where": "Жатақхана, 14-бөлме, осы аптада",
            "immediate_danger": True,
            "school_contact": "Ләйла Бекқызы Жұман, +7 700 000 00 77",
        },
    )
    of["head"].lets_go_out(referral)
    of.referral_is(case, referral, "completed")


STORY = Story(
    title="High risk at night, with an ambulance",
    school="№ 5 мектеп-интернат",
    language="kk",
    people={
        "head": "Төреғали Әнуарұлы Мұқан",
        "deputy": "Ләйла Бекқызы Жұман",
        "psychologist": "Ақмарал Сейітқызы Өміртай",
        "social_pedagogue": "Жасұлан Ғазизұлы Бек",
        "school_doctor": ("Зинаида Семёновна Ли", "ru"),
        "accused": "Қуаныш Әлібекұлы Тоқтар",
    },
    tell=tell,
    accused_role="safety_engineer",
)
