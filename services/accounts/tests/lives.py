"""Whole lives that between them record every event of this service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.accounts.application.base import CARRIER
from services.accounts.domain.department import Department
from services.accounts.domain.grant_offer import GrantOffer
from services.accounts.domain.login import Login
from services.accounts.domain.matter_grants import MatterGrants
from services.accounts.domain.school import School
from services.accounts.domain.values import AgencyChannel, Language, OpenPolicy, Role
from services.accounts.tests.builders import (
    ADMINISTRATOR,
    DEPARTMENT,
    ENCRYPTION_KEY,
    INSTALLER,
    NOW,
    PUBLIC_KEY,
    SAFEGUARDING_LEAD,
    SCHOOL,
    a_person_of,
    an_agency,
    an_engagement,
    assign,
)
from shared.domain import Aggregate
from shared.ids import new_id


def all_lives() -> list[Aggregate]:
    """Tenants, a person with everything that can happen to one, a locked login, a closed engagement."""
    later = NOW + timedelta(hours=1)
    kazakh = Language.KAZAKH
    department = Department.register(id=DEPARTMENT, name="Білім басқармасы", language=kazakh, by=INSTALLER, at=NOW)
    department.add_school(school=SCHOOL, name="№ 12 мектеп", language=kazakh, by=ADMINISTRATOR, at=NOW)
    school = School.register(
        id=SCHOOL, department=DEPARTMENT, name="№ 12 мектеп", language=kazakh, by=ADMINISTRATOR, at=NOW
    )
    policy, day = new_id(), new_id()
    opened = {"cases.informing": OpenPolicy(unit="hours", least=1, most=48)}
    set_to: dict[str, Any] = {
        "key": "cases.informing",
        "unit": "hours",
        "value": 12,
        "since": NOW.date() + timedelta(days=5),
    }
    reason, lead = "Қала тәжірибесі: түнгі кезекшілік бар", SAFEGUARDING_LEAD
    department.change_policy(change=policy, **set_to, reason=reason, opened=opened, by=lead, at=NOW)
    worked = NOW.date() + timedelta(days=6)
    department.change_day(change=day, day=worked, worked=True, reason="Ауыстырылған жұмыс күні", by=lead, at=NOW)
    school.follow_policy(change=policy, policy=department.policies[policy], by=CARRIER, at=NOW)
    school.follow_day(change=day, day=department.days[day], by=CARRIER, at=NOW)
    agency = an_agency(
        channel=AgencyChannel.AMQP, virtual_host="partner-police", encryption_key=ENCRYPTION_KEY, signing_key=PUBLIC_KEY
    )
    agency.confirm(by=ADMINISTRATOR, at=later)
    department.add_agency(agency=agency.id, by=ADMINISTRATOR, at=NOW)
    person = a_person_of()
    person.set_password(hash="$argon2id$v=19$m=8,t=1,p=1$…", sessions_before=NOW, by=ADMINISTRATOR, at=NOW)
    assign(person, Role.HEAD)
    person.end_role(tenant=SCHOOL, role=Role.HEAD, by=ADMINISTRATOR, at=later)
    person.revoke_sessions(sessions_before=later, by=ADMINISTRATOR, at=later)
    person.lock(by=ADMINISTRATOR, at=later)
    person.unlock(by=ADMINISTRATOR, at=later)
    login = Login.reserve(id=new_id(), person=person.id, home=SCHOOL, by=ADMINISTRATOR, at=NOW)
    login.sign_in(session=new_id(), by=ADMINISTRATOR, at=NOW)
    login.fail(most=1, until=later, rule="accounts.sign_in_lock@2026-01-01", by=INSTALLER, at=NOW)
    engagement = an_engagement()
    engagement.close(reason="Тексеру аяқталды", by=ADMINISTRATOR, at=later)
    grants = MatterGrants.begin(school=SCHOOL, matter=new_id(), by=INSTALLER, at=NOW)
    asked, officer = new_id(), new_id()
    grants.ask(grant=asked, agency=agency.id, rights=["see_materials"], ends_at=later, by=INSTALLER, at=NOW)
    grants.name_person(grant=asked, agency=agency.id, person=officer, by=ADMINISTRATOR, at=NOW)
    grants.keep_away(people=[officer], by=INSTALLER, at=NOW)
    offer = GrantOffer.offer(id=asked, school=SCHOOL, matter=grants.matter, by=INSTALLER, at=NOW)
    return [department, school, agency, person, login, engagement, grants, offer]
