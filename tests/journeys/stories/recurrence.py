"""Recurrence after closing: a case closes well, and in spring it begins again; it is taken up with what is known."""

from __future__ import annotations

from typing import Any

from tests.support.telling.telling import Story, Telling

CHILD = {"name": "Дәрия Мақсатқызы Оспан", "birth_date": "2014-08-19", "class_name": "6 «Б»"}


def tell(of: Telling) -> None:
    """Bullying ends, and begins again; the first case says how it was, the second how it goes on."""
    friend = of.nobody("kk")
    deputy, pedagogue, psychologist = of.cast("deputy", "social_pedagogue", "psychologist")
    said: dict[str, Any] = {
        "source": "acquaintance",
        "place": "school",
        "kinds": ["bullying"],
        "child": {"name": CHILD["name"], "class_name": CHILD["class_name"]},
        "accused": [{"name": "Қатар отыратын қыз", "category": "peer"}],
    }
    first = friend.reports("Дәрияны қыздар әжетханаға қамап, шашын кесіп тастады, мен естідім", **said)
    deputy.walls_off(first, of["accused"], "close_to_accused")  # the other girl's father
    case = of.verified(first, "bullying", place="school")
    deputy.lets_in(case, psychologist, deputy)
    pedagogue.identifies(case, CHILD)
    of.assessed(case, "low", reasons="Бір рет, кешірім сұралды, ата-аналар сөйлесті")
    of.helped_and_closed(case, reasons="Қыздар дос болды")

    of.later(days=60)
    again = friend.reports("Тағы басталды: енді желіде оны келемеждеп жатыр, сол қыз", **said | {"place": "online"})
    of.verified(again, "bullying", "cyberbullying", place="online", cases=[case])
    followed = of.case_besides({case})  # the old one is closed: a new one follows it, and keeps its walls
    deputy.lets_in(followed, psychologist, deputy)
    pedagogue.identifies(followed, CHILD)
    pedagogue.reopens(case, "Қайталанды: бұрынғы жоспар желіні қамтымады", again)
    of.refused(lambda: pedagogue.closes(case, psychologist, deputy), "cases.risk_not_assessed")
    psychologist.takes_step(followed, "conversation_with_child", "Екі ай тыныш болған, кеше қайта басталды")


STORY = Story(
    title="Recurrence after closing",
    school="Қаныш Сәтбаев атындағы № 16 гимназия",
    language="kk",
    people={
        "deputy": "Мейрамгүл Ерікқызы Ақан",
        "psychologist": "Ұлту Жеңісқызы Сағын",
        "social_pedagogue": ("Валентина Олеговна Шин", "ru"),
        "accused": "Ғабит Төлеуханұлы Дүйсен",
    },
    tell=tell,
    accused_role="school_doctor",
)
