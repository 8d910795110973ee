"""An anonymous child about an online group: a receipt, questions and answers both ways, help for the whole class."""

from __future__ import annotations

import base64

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Тимур Рашидов", "birth_date": "2012-11-02", "class_name": "8 «Б»"}
SCREENSHOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def tell(of: Telling) -> None:
    """From the telephone of somebody in the group to a plan for the whole class."""
    child = of.nobody("ru")
    deputy, pedagogue, psychologist, teacher = of.cast("deputy", "social_pedagogue", "psychologist", "class_teacher")

    report = child.reports(
        "У нас в классе есть закрытая группа, там выкладывают фото Тимура из раздевалки и пишут, что ему лучше не жить",
        source="child_witness",
        place="online",
        kinds=["cyberbullying", "bullying"],
        child={"name": CHILD["name"], "class_name": CHILD["class_name"]},
        accused=[{"name": "Администратор группы", "category": "peer"}],
        timing="present",
    )
    assert child.reads_by_receipt(report)["state"] == "received"
    deputy.walls_off(report, of["accused"], "close_to_accused")  # whose son runs the group
    deputy.writes(report, "Спасибо, что написал. Ты знаешь, как называется группа?", asks=True)
    child.says_by_receipt(report, "Называется «Наш 8Б», вход по приглашению, я сохранил скриншоты", answers=1)
    child.adds_file_by_receipt(report, "Наш 8Б.png", SCREENSHOT)
    deputy.writes(
        report, "Мы поговорим с Тимуром так, что никто не узнает про тебя. Тебе самому не страшно?", asks=True
    )
    child.says_by_receipt(report, "Немного. Можно я приду к психологу?", answers=2)
    assert [one["from"] for one in child.reads_by_receipt(report)["messages"]] == ["school", "reporter"] * 2

    case = of.verified(report, "cyberbullying", "bullying", place="online")
    assert child.reads_by_receipt(report)["state"] == "confirmed"
    deputy.lets_in(case, psychologist, deputy, teacher)
    teacher.accepts_the_warning(case)
    pedagogue.identifies(case, CHILD)
    of.assessed(
        case,
        "medium",
        reasons="Травля длится месяц, мысли не жить высказаны один раз; родители и друг рядом",
        widespread="yes",
        present_harm="yes",
        strained_class_relations="yes",
    )
    pedagogue.does(f"/cases/{case}/liability")
    pedagogue.does(
        f"/cases/{case}/no-liability",
        reasons="Участникам нет четырнадцати лет, снимки удалены при родителях",
        best_interests="Тимур просит не обращаться в полицию; помощь классу важнее",
    )
    pedagogue.draws_up_plans(case)
    psychologist.meets_child(case, "child")
    psychologist.meets_child(case, "peers", note="Трое из группы сами просят помочь извиниться")
    of.later(days=13)
    pedagogue.reviews(case)
    child.says_by_receipt(report, "Группу удалили. Тимур снова сидит со мной. Спасибо")


STORY = Story(
    title="An anonymous child about an online group",
    school="Общеобразовательная школа № 7",
    language="ru",
    people={
        "deputy": "Наталья Игоревна Соколова",
        "class_teacher": ("Әсем Тілеуқызы Қожа", "kk"),
        "psychologist": "Вера Андреевна Цой",
        "social_pedagogue": "Руслан Маратович Ибраев",
        "accused": "Лариса Николаевна Фролова",
    },
    tell=tell,
)
