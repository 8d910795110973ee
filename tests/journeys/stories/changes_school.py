"""The child changes school, twice: what he fled from is there already; the next head takes over what was released."""

from __future__ import annotations

from tests.support.telling.telling import RECEIVING, Story, Telling

CHILD = {"name": "Санжар Бекзатұлы Құрман", "birth_date": "2013-12-12", "class_name": "6 «Г»"}


def tell(of: Telling) -> None:
    """The grandmother tells it when he is enrolled; whoever hurt him there now teaches here."""
    head, deputy, pedagogue, psychologist = of.cast("head", "deputy", "social_pedagogue", "psychologist")

    report = deputy.reports(
        "Әжесі құжат тапсырғанда айтты: бұрынғы мектепте мұғалім немересін үнемі қорлаған, сол мұғалім енді осында",
        source="relative",
        channel="verbal",
        on_behalf=True,
        informant={"name": "Қамар Құрман", "contact": "+7 702 000 33 44"},
        place="school",
        kinds=["psychological"],
        child={"name": CHILD["name"], "class_name": CHILD["class_name"]},
        accused=[{"name": "Бұрынғы мұғалімі", "category": "staff", "person": of["accused"].id}],
        timing="past",
        happened_text="былтыр, бұрынғы мектебінде",
    )
    case = of.verified(report, "psychological", lead="head", place="school")
    head.lets_in(case, psychologist, deputy)
    pedagogue.identifies(case, CHILD)
    of.assessed(
        case, "medium", reasons="Ол мұғалімді дәлізде көргенде үйге қашады", past_violence="yes", child_afraid="yes"
    )
    pedagogue.draws_up_plans(case)
    psychologist.meets_child(case, "child", "family", note="Әжесіне сенеді; жаңа сыныпта бір дос тапты")

    # the family moves again in spring: who coordinates changes, and nothing stays with whoever leaves
    head.does(
        f"/cases/{case}/coordinator",
        person=psychologist.id,
        ground="topic_of_the_case",
        reason="Көшкенше балаға ең жақын адам",
    )
    pedagogue.does(
        f"/cases/{case}/material",
        to=psychologist.id,
        material="Әңгіме жазбалары, сурет көшірмесі",
        computer="deleted",
        recycle_bin="deleted",
        email="nothing_there",
    )
    head.does(f"/cases/{case}/team/{pedagogue.id}/departure", reason="handed_over")
    of.refused(lambda: pedagogue.asks(f"/cases/{case}"), "common.not_permitted")
    psychologist.reviews(case)

    # to a school in the next district, which is told who the child is, and nothing else
    receiving = of[RECEIVING]
    head.does(f"/cases/{case}/releases", to=receiving.api.tenant, parts=["child"], reason="Отбасы көктемде көшті")
    matter = of.comes_to_know(receiving, "matters", "matter")
    receiving.does(f"/matters/{matter}/acceptance")

    def answered() -> bool:
        trail = head.asks(f"/cases/{case}/timeline")["events"]
        return any(one["topic"] == "cases.release_answered" for one in trail)

    of.waits_until(answered, "the answer in the trail of the school that released")


STORY = Story(
    title="The child changes school",
    school="Мұхтар Әуезов атындағы № 27 мектеп",
    language="kk",
    next_school=("Шоқан Уәлиханов атындағы № 31 мектеп", "Ғазиза Мәлікқызы Ұлықбек"),
    people={
        "head": "Жәмилә Үсенқызы Оразбай",
        "deputy": "Қайсар Әділбекұлы Нұр",
        "psychologist": "Гүлсім Өтегенқызы Жарас",
        "social_pedagogue": ("Алевтина Геннадьевна Мун", "ru"),
        "accused": "Айбек Сұлтанұлы Ғани",
    },
    tell=tell,
)
