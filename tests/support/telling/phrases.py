"""What people of any story say where it matters little what: in their own language."""

from __future__ import annotations

from collections.abc import Mapping

_COLUMNS = ("kk", "ru", "en")
_SAID: Mapping[str, tuple[str, str, str]] = {
    "reasons": (
        "Бала мен екі куәгердің айтқаны сәйкес келеді",
        "Рассказ ребёнка и двух свидетелей сходится",
        "The child and two witnesses tell the same",
    ),
    "looked": ("Бірнеше оқушымен жеке әңгіме", "Беседы с учениками по отдельности", "Talks with pupils, one by one"),
    "found": ("Айтылғаны расталды", "Сказанное подтвердилось", "What was told holds"),
    "conversation_with_child": (
        "Бала сенетін ересекті атады, кеште ұйықтай алмайды",
        "Ребёнок назвал взрослого, которому верит; плохо спит",
        "The child named an adult it trusts; sleeps badly",
    ),
    "medical_check": (
        "Жарақат жоқ, шаршаған",
        "Травм нет, утомление",
        "No injuries, tired",
    ),
    "psychological_examination": (
        "Мазасыздық орташа, бастапқы сұхбат өтті",
        "Тревожность средняя, первое интервью проведено",
        "Anxiety moderate, first interview held",
    ),
    "fact_finding_questions": (
        "Ашық сұрақтар қойылды, үш оқиға анықталды",
        "Открытые вопросы, выявлено три эпизода",
        "Open questions; three episodes came out",
    ),
    "how_it_came_to_light": (
        "Жақын адам байқады, тағы екеуі біледі",
        "Заметил близкий человек, знают ещё двое",
        "Somebody close noticed; two more know",
    ),
    "information_gathered": (
        "Сынып пен мұғалімдерден сұралды",
        "Опрошены класс и учителя",
        "Class and teachers were asked",
    ),
    "relations_and_conditions": (
        "Отбасында қарым-қатынас жылы, сыныпта салқын",
        "В семье тепло, в классе прохладно",
        "Warm at home, cold in class",
    ),
    "parents_invited": (
        "Анасы келді, қолдайды",
        "Мать пришла, поддерживает",
        "The mother came, and supports the child",
    ),
    "parents_not_invited": (
        "Шақыру балаға қауіп төндірер еді",
        "Приглашение поставило бы ребёнка под угрозу",
        "Inviting them would endanger the child",
    ),
    "childs_place": (
        "Күн сайын ұялып, қорқып келеді",
        "Каждый день приходит со стыдом и страхом",
        "Comes every day ashamed and afraid",
    ),
    "childs_safety": (
        "Қасында ересек болса ғана қауіпсіз",
        "В безопасности, только пока рядом взрослый",
        "Safe only while an adult is near",
    ),
    "best_interests": (
        "Алдымен баланың тыныштығы, содан соң сабақ",
        "Сначала покой ребёнка, потом учёба",
        "The child's peace first, lessons after",
    ),
    "goal": ("Өзіне сенімі артады", "Поверит в себя", "Gains confidence"),
    "measure": ("Апта сайынғы жұмыс", "Еженедельная работа", "Weekly work"),
    "change": ("Ашылып, күле бастады", "Раскрылся, начал улыбаться", "Opens up, smiles again"),
    "note": (
        "Түсінде қорқатыны азайды, анасына айтуға дайын",
        "Страшные сны реже, готов рассказать матери",
        "Fewer bad dreams; ready to tell the mother",
    ),
    "evidence": ("Сабақта жайдары, достарымен ойнайды", "На уроках весел, играет", "Cheerful in class, plays"),
    "discussed": ("Соңғы айдағы өзгерістер", "Изменения за последний месяц", "The changes of the last month"),
    "closing": (
        "Барлық өлшемшарт екі рет оң бағаланды",
        "Все критерии дважды оценены положительно",
        "Every criterion was rated well twice",
    ),
}


def phrase(what: str, language: str) -> str:
    """What somebody who speaks this language says."""
    return _SAID[what][_COLUMNS.index(language)]
