"""Departments, agencies and audit engagements: both sides of each rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.accounts.domain import errors, rules
from services.accounts.domain.department import Department
from services.accounts.domain.values import AgencyChannel, Audience, Language, Role, TenantKind
from services.accounts.tests.builders import (
    ADMINISTRATOR,
    DEPARTMENT,
    ENCRYPTION_KEY,
    INSTALLER,
    NOW,
    PUBLIC_KEY,
    SCHOOL,
    a_person_of,
    an_agency,
    an_engagement,
    assign,
    events_of,
)
from shared.domain import Actor, NotPermittedError
from shared.ids import new_id


class TestADepartment:
    def test_knows_its_own_tenants_by_kind_and_no_others(self) -> None:
        department = Department.register(
            id=DEPARTMENT, name="Білім басқармасы", language=Language.KAZAKH, by=INSTALLER, at=NOW
        )
        agency = new_id()
        for _ in range(2):
            department.add_school(school=SCHOOL, name="№ 12 мектеп", language=Language.KAZAKH, by=ADMINISTRATOR, at=NOW)
            department.add_agency(agency=agency, by=ADMINISTRATOR, at=NOW)
        assert events_of(department) == ["Registered", "SchoolAdded", "AgencyAdded"]
        kinds = [department.kind_of(tenant) for tenant in (DEPARTMENT, SCHOOL, agency, new_id())]
        assert kinds == [TenantKind.DEPARTMENT, TenantKind.SCHOOL, TenantKind.AGENCY, None]
        with pytest.raises(errors.NotOfThisDepartmentError):
            rules.tenant_is_of_the_department(department, new_id())


@pytest.mark.requirement("REF-04")
class TestAnAgency:
    def test_on_the_web_needs_no_keys(self) -> None:
        assert an_agency().channel is AgencyChannel.WEB

    @pytest.mark.parametrize("missing", ["virtual_host", "encryption_key", "signing_key"])
    def test_on_the_broker_needs_a_virtual_host_and_both_keys(self, missing: str) -> None:
        given = {"virtual_host": "partner-police", "encryption_key": ENCRYPTION_KEY, "signing_key": PUBLIC_KEY}
        an_agency(channel=AgencyChannel.AMQP, **given)
        with pytest.raises(errors.KeysMissingError) as refused:
            an_agency(channel=AgencyChannel.AMQP, **(given | {missing: None}))
        assert refused.value.facts == {"missing": [missing]}

    @pytest.mark.parametrize("key", ["encryption_key", "signing_key"])
    def test_keeps_its_private_keys(self, key: str) -> None:
        with pytest.raises(errors.KeysNotPublicError):
            an_agency(**{key: PUBLIC_KEY | {"d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}})

    @pytest.mark.parametrize("key", ["encryption_key", "signing_key"])
    def test_names_keys_that_the_exchange_cannot_use(self, key: str) -> None:
        """A key of another curve, or with half a point, is refused at once and not at the first referral."""
        swapped = {"encryption_key": PUBLIC_KEY, "signing_key": ENCRYPTION_KEY}[key]
        cut = {"encryption_key": ENCRYPTION_KEY, "signing_key": PUBLIC_KEY}[key] | {"x": "11qYAYKxCrfVS"}
        for unusable in (swapped, cut):
            with pytest.raises(errors.KeysUnusableError) as refused:
                an_agency(**{key: unusable})
            assert refused.value.facts == {"keys": [key]}

    @pytest.mark.requirement("REF-02")
    def test_is_confirmed_as_of_now(self) -> None:
        agency = an_agency()
        assert agency.confirmed_at == NOW
        agency.confirm(by=ADMINISTRATOR, at=NOW + timedelta(days=180))
        assert agency.confirmed_at == NOW + timedelta(days=180)


class TestAnEngagement:
    def test_covers_its_auditor_tenants_and_services_in_its_time(self) -> None:
        engagement = an_engagement()
        inside: dict[str, Any] = {"auditor": engagement.auditor, "tenant": SCHOOL, "service": Audience.CASES, "at": NOW}
        assert engagement.covers(**inside)
        for outside in (
            {"auditor": new_id()},
            {"tenant": new_id()},
            {"service": Audience.REFERRALS},
            {"at": NOW - timedelta(seconds=1)},
            {"at": NOW + timedelta(days=10)},
        ):
            assert not engagement.covers(**(inside | outside))

    def test_covers_nothing_once_it_is_closed(self) -> None:
        engagement = an_engagement()
        engagement.close(reason="Бітті", by=ADMINISTRATOR, at=NOW)
        assert not engagement.covers(auditor=engagement.auditor, tenant=SCHOOL, service=Audience.CASES, at=NOW)
        with pytest.raises(errors.EngagementAlreadyClosedError):
            engagement.close(reason="Бітті", by=ADMINISTRATOR, at=NOW)

    def test_has_a_length(self) -> None:
        with pytest.raises(errors.PeriodMisstatedError):
            an_engagement(ends_at=NOW)

    def test_is_not_opened_by_its_own_auditor(self) -> None:
        with pytest.raises(NotPermittedError):
            an_engagement(auditor=ADMINISTRATOR.person)

    def test_is_for_auditors_who_hold_no_role_there(self) -> None:
        auditor = a_person_of()
        rules.auditor_is_independent(auditor, [SCHOOL], NOW)
        assign(auditor, Role.TRAINER, ends_at=NOW + timedelta(days=1))
        with pytest.raises(errors.AuditorNotIndependentError):
            rules.auditor_is_independent(auditor, [SCHOOL], NOW)
        rules.auditor_is_independent(auditor, [new_id()], NOW)
        rules.auditor_is_independent(auditor, [SCHOOL], NOW + timedelta(days=1))


def test_the_installation_is_named_exactly() -> None:
    with pytest.raises(NotPermittedError):
        rules.administrator_registers(Actor(id="system:installer"))
