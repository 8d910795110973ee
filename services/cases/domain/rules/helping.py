"""Plans, sessions, medical help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.cases.domain import errors
from services.cases.domain.values import PUNISHING, WHO_HELPS, Area, Criterion, MedicalHelp, MedicalHelper, Nature

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter


def every_area_has_measures(goals: Sequence[Mapping[str, Any]]) -> None:
    """A support plan has a goal with measures in each of the four areas (PLN-02)."""
    covered = {goal["area"] for goal in goals if goal["measures"]}
    empty = [area.value for area in Area if area not in covered]
    if empty:
        raise errors.AreasWithoutMeasuresError(areas=empty)


def measures_punish_nobody(goals: Sequence[Mapping[str, Any]]) -> None:
    """Interventions are prevention: encouragement takes the place of penalties, also for who hurt others (PLN-07)."""
    punishing = [
        {"area": str(goal["area"]), "nature": str(measure["nature"])}
        for goal in goals
        for measure in goal["measures"]
        if measure["nature"] in PUNISHING
    ]
    if punishing:
        instead = [nature.value for nature in Nature if nature not in PUNISHING]
        raise errors.MeasureIsAPenaltyError(measures=punishing, instead=instead)


def there_is_a_plan(case: Chapter) -> None:
    """Only a plan that was drawn up can be reviewed."""
    if not case.plans:
        raise errors.NoPlanError


def sessions_are_left(case: Chapter, limit: int) -> None:
    """Sessions are few and limited, unless extended with a reason (PLN-04)."""
    if case.sessions_held >= limit:
        raise errors.SessionLimitReachedError(limit=limit)


def each_criterion_is_rated_once(criteria: Sequence[Criterion]) -> None:
    """One rating says one thing of each criterion."""
    twice = sorted({criterion for criterion in criteria if criteria.count(criterion) > 1})
    if twice:
        raise errors.RatedTwiceError(criteria=twice)


def medical_help_is_awaited(case: Chapter, medical_help: UUID) -> tuple[MedicalHelp, datetime]:
    """What came of help is put down once, for help that was asked for; gives its kind and when it was (PLN-01)."""
    if medical_help not in case.awaited_help:
        raise errors.MedicalHelpNotAwaitedError(medical_help=str(medical_help))
    return case.awaited_help[medical_help]


def help_is_by_whom_it_takes(kind: MedicalHelp, helper: MedicalHelper) -> None:
    """A medical worker examines, and no other (PLN-01)."""
    if helper not in WHO_HELPS[kind]:
        raise errors.NotByAMedicalWorkerError(kind=kind.value, helper=helper.value)


def whoever_came_has_times(helper: MedicalHelper, began_at: datetime | None, ended_at: datetime | None) -> None:
    """Help has its times; where nobody came there are none (PLN-01)."""
    came = helper is not MedicalHelper.NOBODY
    if (began_at is not None) is not came or (ended_at is not None) is not came:
        raise errors.MedicalTimesMissingError(helper=helper.value)
