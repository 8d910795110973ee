"""Three children, one aggressor: a class teacher tells of a pupil who takes money; three cases from one report."""

from __future__ import annotations

from tests.support.telling.telling import Story, Telling

CHILDREN = (
    {"name": "Ержан Қанатұлы Ілияс", "birth_date": "2015-02-11", "class_name": "5 «Г»"},
    {"name": "Софья Олеговна Мельник", "birth_date": "2015-07-05", "class_name": "5 «Г»"},
    {"name": "Амина Руслановна Гали", "birth_date": "2014-12-24", "class_name": "5 «Г»"},
)


def tell(of: Telling) -> None:
    """Each child has a case and a number of its own; the one who hurts is helped as well."""
    teacher, deputy, pedagogue, psychologist = of.cast("class_teacher", "deputy", "social_pedagogue", "psychologist")
    report = teacher.reports(
        "Ученик восьмого класса каждую неделю отбирает деньги у троих моих детей и грозит побить, если скажут",
        source="staff",
        channel="verbal",
        place="school",
        kinds=["economic", "psychological"],
        child={"name": CHILDREN[0]["name"], "class_name": CHILDREN[0]["class_name"]},
        accused=[{"name": "Глеб Антипов", "category": "peer"}],
    )
    deputy.walls_off(report, of["accused"], "close_to_accused")  # his mother teaches here
    first = of.verified(report, "economic", "psychological", place="school", count_of_cases=3)
    known = {first}
    known.add(of.case_besides(known))
    known.add(of.case_besides(known))
    numbered = of.waits_until(
        lambda: rows if len(rows := deputy.asks("/register")["entries"]) == len(CHILDREN) else None, "three numbers"
    )
    assert [row["number"] for row in numbered] == [1, 2, 3]

    for row, child in zip(numbered, CHILDREN, strict=True):
        pedagogue.identifies(row["case"], child)
        deputy.lets_in(row["case"], psychologist)
        psychologist.takes_step(row["case"], "conversation_with_child")
    of.assessed(
        first,
        "low",
        reasons="Суммы небольшие, угрозы прекратились, деньги возвращены",
        past_violence="yes",
    )
    pedagogue.draws_up_plans(first)
    measures = [
        {"measure": "Глеб ведёт кружок робототехники", "nature": "encouragement", "owner": "psychologist"},
        {"measure": "Қайтармаса, мектептен шығару", "nature": "penalty", "owner": "deputy"},
    ]
    due_on = of.today.isoformat()
    goals = [
        {"area": area, "goal": "Научиться просить, а не отнимать", "measures": [measure | {"due_on": due_on}]}
        for area, measure in zip(
            ("learning", "communication", "self_regulation", "self_esteem"), [*measures, *measures], strict=True
        )
    ]
    of.refused(lambda: pedagogue.does(f"/cases/{first}/support-plan", goals=goals), "cases.measure_is_a_penalty")
    psychologist.enters_in_risk_group(
        {"name": "Глеб Антипов", "class_name": "8 «А»"},
        "secondary",
        "problem_behaviour",
        "Отнимает деньги, чтобы дружить со старшими; дома на него нет времени",
        report=report,
        case=first,
    )
    psychologist.meets_child(first, "child", "peers", note="Глеб сам предложил вернуть деньги при всех")


STORY = Story(
    title="Three children, one aggressor",
    school="Школа-лицей № 8 имени Ы. Алтынсарина",
    language="ru",
    people={
        "deputy": "Инесса Карловна Бауэр",
        "class_teacher": "Жанна Сериковна Омарова",
        "psychologist": ("Түймегүл Әлиқызы Қали", "kk"),
        "social_pedagogue": "Дмитрий Алексеевич Югай",
        "accused": "Раиса Петровна Антипова",
    },
    tell=tell,
)
