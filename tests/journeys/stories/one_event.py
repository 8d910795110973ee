"""Two reports, one event: the boy who was beaten and another's mother; found alike, joined, one case."""

from __future__ import annotations

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Мадияр Ұланұлы Әбен", "birth_date": "2012-04-18", "class_name": "7 «Ә»"}


def tell(of: Telling) -> None:
    """Each from where they stood; the wall that one report brings holds for the other."""
    victim, mother = of.nobody("kk"), of.nobody("ru")
    head, pedagogue, psychologist, deputy = of.cast("head", "social_pedagogue", "psychologist", "deputy")
    named = {"name": CHILD["name"], "class_name": CHILD["class_name"]}

    first = victim.reports(
        "Кеше жатақханада үш үлкен бала мені ұрып, телефонымды алды, тәрбиеші көріп тұрып кетіп қалды",
        source="child_victim",
        place="dormitory",
        kinds=["physical", "bullying"],
        child=named,
        accused=[{"name": "Тәрбиеші", "category": "staff", "person": of["accused"].id}],
    )
    second = mother.reports(
        "Сын рассказал, что вчера в интернате старшие избили Мадияра и отобрали телефон. Мой теперь боится спать",
        source="parent_or_guardian",
        channel="messenger",
        place="dormitory",
        kinds=["physical"],
        child=named,
    )
    of.waits_until(
        lambda: [row for row in head.asks(f"/reports/{first}/similar")["reports"] if row["report"] == second],
        "the second report to be suggested",
    )
    head.joins(first, second, "Бір күн, бір бала, бір бөлме")
    assert of["accused"].id in head.asks(f"/reports/{second}")["walled"]

    case = of.verified(first, "physical", "bullying", lead="head", place="dormitory")
    of.verified(second, "physical", lead="head", place="dormitory", cases=[case])
    of.waits_until(
        lambda: set(pedagogue.asks(f"/cases/{case}")["reports"]) == {first, second}, "both reports in one case"
    )
    assert len(pedagogue.asks("/register")["entries"]) == 1

    head.lets_in(case, psychologist, deputy)
    pedagogue.identifies(case, CHILD)
    of.assessed(case, "medium", reasons="Үлкендер бір бөлмеге көшірілді, тәрбиеші ауысты", injuries_or_illness="yes")
    pedagogue.does(
        f"/cases/{case}/no-liability",
        reasons="Ұрғандар он төртке толмаған; ата-аналары шығынды өтеді",
        best_interests="Мадияр дәл сол жерде қауіпсіз тұра алады",
    )
    mother.says_by_receipt(second, "Спасибо, сын снова спит")


STORY = Story(
    title="Two reports, one event",
    school="Дарынды балаларға арналған № 2 мектеп-интернат",
    language="kk",
    people={
        "head": "Әбілқайыр Нұрланұлы Сарсен",
        "deputy": "Гүлжан Төлегенқызы Ибрай",
        "psychologist": ("Инна Юрьевна Пак", "ru"),
        "social_pedagogue": "Бибігүл Ғалымқызы Рақым",
        "accused": "Нұржан Өмірбайұлы Есен",
    },
    tell=tell,
    accused_role="class_teacher",
)
