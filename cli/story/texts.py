"""What the people of the sample city say and write, in Kazakh and Russian. All of it is made up."""

from __future__ import annotations

from datetime import date
from typing import Any

STEP_SERVICE = "Мектеп қауіпсіздігі қызметі: құрам және оқу / служба школьной безопасности: состав и обучение"
STEP_REPORT = "Сынып жетекшісі хабарлайды / классный руководитель сообщает"
STEP_VERIFY = "Хабарлама тексеріледі / сообщение проверяется"
STEP_CASE = "Жағдай журналға тіркеледі / случай вносится в журнал"
STEP_WALL = "Болжалды құқық бұзушы ештеңе көрмейді / предполагаемый нарушитель ничего не видит"
STEP_TEAM = "Топ құрылады, ескерту қабылданады / команда и предупреждение о конфиденциальности"
STEP_RISK = "Тәуекел бағаланады: жоғары / риск оценён: высокий"
STEP_REFER = "Органдарға бағыттау / направления в органы"
STEP_POLICE = "Полиция AMQP арқылы жауап береді / полиция отвечает по AMQP"
STEP_HEALTH = "Емхана веб-жәшікте жауап береді / поликлиника отвечает в веб-ящике"
STEP_SILENT = "Қорғаншылық органы үндемейді: мектептің өз шаралары / опека молчит: собственные меры школы"
STEP_PLAN = "Қауіпсіздік және қолдау жоспарлары / планы безопасности и поддержки"
STEP_SESSIONS = "Сүйемелдеу кездесулері / встречи сопровождения"
STEP_RATE = "Өлшемшарттар екі рет бағаланады / критерии оценены дважды"
STEP_CLOSE = "Жағдай жабылады / случай закрывается"

DEPARTMENT = "Жаңақала қаласының білім басқармасы"
SCHOOLS = (
    ("№ 12 мектеп-гимназия", "kk"),
    ("Общеобразовательная школа № 7", "ru"),
    ("Ыбырай Алтынсарин атындағы № 31 мектеп-лицей", "kk"),
)
AGENCIES = {
    "police": "Жаңақала қалалық полиция басқармасы",
    "health": "Городская детская поликлиника № 3",
    "guardianship": "Қорғаншылық және қамқоршылық органы",
}
PEOPLE = {
    "head": ("Гүлнәр Сәбитқызы Әбдірахманова", "kk"),
    "deputy": ("Ерлан Қуанышұлы Төлегенов", "kk"),
    "psychologist": ("Айгүл Нұрланқызы Жүнісова", "kk"),
    "social_pedagogue": ("Светлана Петровна Ким", "ru"),
    "school_doctor": ("Марина Викторовна Ли", "ru"),
    "class_teacher": ("Әсел Өмірбекқызы Һәкімова", "kk"),
    "accused": ("Бауыржан Ыңтымақұлы Сейітов", "kk"),
}
ROLE_OF = {role: role for role in PEOPLE} | {"accused": "subject_teacher"}
AUDITOR = ("Ғалия Төреқызы Үмбетова", "kk")
OFFICERS = {"police": ("Қайрат Ғабитұлы Ұлықбеков", "kk"), "health": ("Ольга Игоревна Пак", "ru")}

SERVICE = ("head", "deputy", "psychologist", "social_pedagogue", "school_doctor")
SKILLS = "Баламен сенімді сөйлесе алады, құпияны сақтайды / умеет говорить с ребёнком, хранит тайну"
TRAINING = {
    "training": "Іс-қимыл алгоритмі: міндетті оқу / Алгоритм действий: обязательное обучение",
    "held_by": "«Өрлеу» біліктілікті арттыру орталығы",
}

MONTHLY = {
    "agenda": ["Айдың қорытындысы / итоги месяца", "Ата-аналармен жұмыс / работа с родителями"],
    "decisions": ["Ата-аналар жиналысында буллинг туралы әңгіме / разговор о буллинге на родительском собрании"],
    "minutes": "Күн тәртібіндегі екі мәселе де қаралды, шешім бірауыздан қабылданды.",
}
DISCUSSED_MONTHLY = "Әлиханның көңіл күйі жақсарып келеді, жоспар бойынша жұмыс жалғасады."


def report(*, accused: str) -> dict[str, Any]:
    """What the class teacher files."""
    return {
        "source": "staff",
        "channel": "in_person",
        "place": "school",
        "kinds": ["physical", "psychological"],
        "description": "Оқушы сабақтан соң маған келіп, дене шынықтыру мұғалімі оны қолынан қатты тартып, сынып "
        "алдында бірнеше рет келемеждегенін айтты. Білегінде көгерген із бар. Бала жылап, үйге барғысы келмеді.",
        "child": {"name": "Әлихан Өмірзақұлы Қуанғали", "class_name": "6 «Ә»", "age": 12},
        "accused": [{"name": "Бауыржан Ыңтымақұлы Сейітов", "category": "staff", "person": accused}],
        "timing": "present",
        "happened_text": "кеше, алтыншы сабақтан кейін",
    }


TRIAGE = {
    "kinds": ["physical", "psychological"],
    "urgency": "urgent",
    "note": "Балаға қауіп бар ма, бүгін тексеру керек.",
}
VERIFICATION = (
    ("Бала мен сынып жетекшісімен әңгіме", "Бала айтқанын қайталады, күнін және орнын атады."),
    ("Беседа с двумя одноклассниками по отдельности", "Оба видели, как учитель тянул мальчика за руку и насмехался."),
)
CONFIRMATION = {
    "reasons": "Показания ребёнка и двух свидетелей сходятся; врач видел синяк на предплечье.",
    "kinds": ["physical", "psychological"],
    "place": "school",
    "cases": [],
}
CHILD = {"name": "Әлихан Өмірзақұлы Қуанғали", "birth_date": "2014-05-17", "class_name": "6 «Ә»"}
ASSESSMENT_STEPS = (
    ("conversation_with_child", "psychologist", "Бала сенімді ересекті атады; спортзалға барудан қорқады."),
    ("medical_check", "school_doctor", "Гематома на правом предплечье, три дня; осмотр оформлен."),
    ("psychological_examination", "psychologist", "Мазасыздық жоғары, ұйқы бұзылған; бастапқы сұхбат өткізілді."),
    ("fact_finding_questions", "social_pedagogue", "Открытые вопросы; три эпизода за месяц."),
    ("how_it_came_to_light", "social_pedagogue", "Через классного руководителя; ещё двое детей боятся учителя."),
    ("information_gathered", "social_pedagogue", "Опрошены классный руководитель, двое детей, бабушка."),
    ("relations_and_conditions", "social_pedagogue", "Отношения в семье тёплые; класс поддерживает мальчика."),
    ("parents_invited", "social_pedagogue", "Анасы келді, жағдаймен танысты, қолдауға дайын."),
)
FACTORS_HIGH = {
    "injuries_or_illness": "yes",
    "past_violence": "yes",
    "present_harm": "yes",
    "future_threat": "yes",
    "widespread": "unclear",
    "strained_family_relations": "no",
    "harmful_home_conditions": "no",
    "strained_class_relations": "no",
    "offender_has_access": "yes",
    "child_afraid": "yes",
}
HIGH_RISK = {
    "level": "high",
    "factors": FACTORS_HIGH,
    "reasons": "Повторялось трижды, есть травма, учитель продолжает вести уроки в этом классе.",
    "childs_place": "Күн сайын сол адамның сабағына баруға мәжбүр; ұялады, қорқады.",
    "childs_safety": "Қауіпсіз емес: кездесу мүмкіндігі күн сайын бар.",
    "best_interests": "Ребёнок больше не остаётся с этим взрослым; занятия важнее не безопасности.",
}
LOW_RISK = {
    "level": "low",
    "factors": dict.fromkeys(FACTORS_HIGH, "no"),
    "reasons": "Учитель отстранён; два месяца без эпизодов; ребёнок спокоен.",
    "childs_place": "Сабаққа қуанып келеді, достары қасында.",
    "childs_safety": "Қауіпсіз: ол адам мектепте жұмыс істемейді.",
    "best_interests": "Поддержка остаётся доступной, наблюдение классного руководителя продолжается.",
}
FACTS: dict[str, dict[str, Any]] = {
    "police": {
        "child_name": CHILD["name"],
        "birth_date": CHILD["birth_date"],
        "school_name": SCHOOLS[0][0],
        "school_facts": "Тексеру аяқталды, факт расталды.",
        "what_happened": "Мұғалім баланы қолынан тартып, дене жарақатын келтірді; бірнеше рет қорлады.",
        "kinds": ["physical", "psychological"],
        "when_and_where": "Қараша, мектептің спортзалы, үш рет.",
        "immediate_danger": False,
        "school_contact": "Светлана Петровна Ким, әлеуметтік педагог, +7 700 000 00 12",
    },
    "health": {
        "child_name": CHILD["name"],
        "birth_date": CHILD["birth_date"],
        "injuries_seen": "Гематома правого предплечья 3×2 см.",
        "help_needed": "Осмотр травматолога, заключение, консультация психотерапевта.",
        "immediate_danger": False,
        "school_contact": "Марина Викторовна Ли, школьный врач, +7 700 000 00 13",
    },
    "guardianship": {
        "child_name": CHILD["name"],
        "birth_date": CHILD["birth_date"],
        "home_address": "Жаңақала қ., Бейбітшілік көшесі, 5-үй",
        "guardians": "Анасы — Ұлбосын Қуанғали",
        "family_situation": "Отбасы толық емес, қарым-қатынас жылы.",
        "kinds": ["physical", "psychological"],
        "offender_lives_with_child": False,
        "immediate_danger": False,
        "measures_of_the_school": "Мұғалім сабақтан шеттетілді, балаға көмек көрсетіліп жатыр.",
        "school_contact": "Светлана Петровна Ким, +7 700 000 00 12",
    },
}
POLICE_OUTCOME = "helped"
HEALTH_OUTCOME = {"outcome": "helped", "text": "Перелома нет, лечение назначено, заключение выдано матери."}
OWN_MEASURES = [
    "Әлеуметтік педагог отбасыға аптасына бір рет хабарласады.",
    "Школа сама организует встречу с матерью и юристом центра помощи.",
]
SAFETY_PLAN = {
    "dangers": ["Спортзалда және дәлізде сол мұғаліммен кездесіп қалу"],
    "safe_people": ["Әсел Өмірбекқызы", "Айгүл Нұрланқызы"],
    "safe_places": ["Психолог кабинеті", "Кітапхана"],
    "child_does": ["Кездессе, бірден 204-кабинетке барады", "111 нөміріне қоңырау шала алады"],
    "adults_do": ["Дежурный учитель провожает в раздевалку", "Учитель не ведёт уроки в 6 «Ә»"],
}
REVIEW = {
    "findings": "Ребёнок чаще говорит на уроках, спит лучше.",
    "results": ["Сабаққа қатысу артты"],
    "change_seen": True,
}
SESSIONS = (
    (["child"], "Алғаш рет өз сезімін атады.", "Түсінде қорқады; қауіпсіз орын жаттығуы жасалды."),
    (["child", "family"], "Анасымен ашық сөйлесті.", "Анасы кінәсін сезеді, оған қолдау керек."),
    (["child"], "Смеётся, рисует с интересом.", "Рисунок: большой дом, все внутри. Тревога снижается."),
    (["child", "peers"], "Достарымен бірге ойынға қатысты.", "Топта өзін еркін ұстады."),
)
DISCUSSED = "Соңғы екі айдағы өзгерістер, бағалаулар, Әлиханның өз сөзі."
CLOSURE = {
    "reasons": "Барлық өлшемшарттар екі рет оң бағаланды; өзгеріс тұрақты.",
    "best_interests": "Әлиханның өмірі қалыпқа келді; қолдау қажет болса, топ қайта жиналады.",
}
_EVIDENCE = {
    "mood_settled": "Сабақта жайдары, жыламайды.",
    "vitality_raised": "Футбол секциясына қайта барды.",
    "taking_part_in_class": "Отвечает у доски, участвует в проекте.",
    "relations_in_school": "С одноклассниками дружен, доверяет классному руководителю.",
    "relations_with_parents": "Анасымен күн сайын сөйлеседі.",
    "relations_within_family": "Үйде тыныштық, әжесі де қолдайды.",
}
_GOALS = {
    "learning": ("Қалған тақырыптарды игеру", "Математикадан жеке көмек"),
    "communication": ("Сыныппен еркін сөйлесу", "Топтық жоба"),
    "self_regulation": ("Мазасыздықты басқару", "Тыныс алу жаттығулары"),
    "self_esteem": ("Поверить в свои силы", "Выставка рисунков"),
}


def _measure(measure: str, due_on: date) -> dict[str, str]:
    who = {"owner": "Айгүл Нұрланқызы Жүнісова", "due_on": due_on.isoformat()}
    return {"measure": measure, "nature": "help", **who}


def goals(due_on: date) -> list[dict[str, Any]]:
    """The goals of the support plan."""
    return [
        {
            "area": area,
            "goal": goal,
            "measures": [_measure(measure, due_on)],
        }
        for area, (goal, measure) in _GOALS.items()
    ]


def ratings(*, first: bool) -> list[dict[str, str]]:
    """Every criterion with its evidence."""
    when = "Бірінші бақылау: " if first else "Бір айдан кейін: "
    return [
        {"criterion": criterion, "rating": "positive", "evidence": when + evidence}
        for criterion, evidence in _EVIDENCE.items()
    ]
