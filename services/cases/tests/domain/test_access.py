"""Who sees a case and who acts in it: walls first, then audit, team, head."""

from __future__ import annotations

import pytest

from services.cases.domain import access
from services.cases.domain.errors import BehindAWallError, ConfidentialityWarningNotAcceptedError
from services.cases.domain.values import Role
from services.cases.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    MONDAY,
    PEDAGOGUE,
    POLICY,
    STRANGER,
    TEACHER,
    a_case,
    a_report,
)
from shared.domain import Actor, NotPermittedError

ADMINISTRATOR = Actor(id=STRANGER.id, roles=frozenset({"administrator"}))
REPORTER = Actor(id="reporter:5f0d9a52-2c41-4d0a-9a42-0f7cb2c6d001", roles=frozenset({"reporter"}))


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize(
    ("by", "rule"),
    [(PEDAGOGUE, "team_member"), (HEAD, "head"), (AUDITOR, "audit_engagement"), (POLICY, "policy")],
)
def test_team_heads_auditors_and_our_policies_see_a_case(by: Actor, rule: str) -> None:
    """Each is granted it under a rule that the access log keeps."""
    assert access.may_see(a_case().opened().case, by) == rule


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize("by", [STRANGER, TEACHER, ADMINISTRATOR, REPORTER])
def test_others_do_not_and_are_told_the_rule(by: Actor) -> None:
    """A role is not enough: whoever is not on this case's team does not need to know."""
    for may in (access.may_see, access.may_act):
        with pytest.raises(NotPermittedError) as refusal:
            may(a_case().opened().case, by)
        assert refusal.value.rule == "CON-01"


@pytest.mark.requirement("REP-02")
@pytest.mark.parametrize("by", [HEAD, DEPUTY, AUDITOR, STRANGER, PEDAGOGUE])
def test_a_wall_comes_before_every_right(by: Actor) -> None:
    """The answer is the one to an unknown id, whatever the role."""
    case = a_case().opened(a_report(walled=[by])).case
    for may in (access.may_see, access.may_act, access.may_be_asked):
        with pytest.raises(BehindAWallError) as refusal:
            may(case, by)
        assert (refusal.value.code, refusal.value.facts) == ("common.unknown", {"what": "case"})


def test_an_auditor_changes_nothing() -> None:
    """An engagement gives sight, never a hand in it."""
    with pytest.raises(NotPermittedError) as refusal:
        access.may_act(a_case().opened().case, AUDITOR)
    assert refusal.value.rule == "audit_changes_nothing"


def test_an_auditor_without_an_engagement_sees_nothing() -> None:
    """The role alone, without the purpose, is not enough."""
    with pytest.raises(NotPermittedError):
        access.may_see(a_case().opened().case, Actor(id=AUDITOR.id, roles=AUDITOR.roles))


@pytest.mark.requirement("CON-02")
def test_a_member_outside_the_service_sees_nothing_before_the_warning_is_accepted() -> None:
    """Joined is not yet let in: the promise comes first."""
    built = a_case().opened().joined(TEACHER, Role.CLASS_TEACHER)
    with pytest.raises(ConfidentialityWarningNotAcceptedError):
        access.may_see(built.case, TEACHER)
    assert access.may_be_asked(built.case, TEACHER) == "team_member"
    built.case.accept_confidentiality_warning(by=TEACHER, at=MONDAY)
    assert access.may_see(built.case, TEACHER) == "team_member"
