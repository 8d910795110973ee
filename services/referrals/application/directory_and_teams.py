"""Handlers fed by other services: the directory of agencies, and who works on a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.referrals.application.base import Handlers
from services.referrals.commands import (
    AdmitMember,
    DissolveTeam,
    FormTeam,
    ListAgency,
    NameCoordinator,
    NoteGlassBroken,
    ReformTeam,
    ReleaseMember,
    WallOffPersons,
)
from services.referrals.domain.agency import Agency
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.values import AgencyKind, Channel
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles
from shared.regulation import local_day


class DirectoryHandlers(Handlers):
    """The directory (REF-02)."""

    @handles(ListAgency)
    def list_agency(self, command: ListAgency, ledger: TenantLedger) -> Answer:
        """In the agency's own tenant first and then, for all schools, in the platform's."""
        if command.tenant != self.parts.platform:
            listing = derived_id(command.command_id, "directory")
            self.execute(replace(command, tenant=self.parts.platform, command_id=listing))
        entry = {
            "kind": AgencyKind(command.kind).value,
            "channel": Channel(command.channel).value,
            "virtual_host": command.virtual_host,
            "encryption_key": _plain(command.encryption_key),
            "signing_key": _plain(command.signing_key),
            "department": command.department,
        }
        agency = ledger.find(Agency, command.agency)
        if agency is None:
            agency = Agency.list(id=command.agency, by=command.by, at=ledger.now(), **entry)
        else:
            agency.revise_entry(by=command.by, at=ledger.now(), **entry)
        return ledger.save(agency, answer={"agency": str(agency.id)})

    def template_of(self, kind: str, at: datetime) -> dict[str, Any]:
        """The template in force for agencies of a kind: what the form asks and the approval shows (REF-03)."""
        template = self.templates.in_force(AgencyKind(kind), local_day(at))
        return {"rule": template.rule, "fields": [field.as_data() for field in template.fields.values()]}


class TeamHandlers(Handlers):
    """Who needs to know of a case's referrals, and who must not (CON-01)."""

    @handles(FormTeam)
    def form_team(self, command: FormTeam, ledger: TenantLedger) -> Answer:
        """A case was opened."""
        team = ledger.find(CaseTeam, command.case)
        if team is not None:
            return ledger.save(answer={"case": str(command.case)})
        team = CaseTeam.form(case=command.case, walled=command.walled, by=command.by, at=ledger.now())
        return ledger.save(team, answer={"case": str(team.id)})

    @handles(AdmitMember)
    def admit_member(self, command: AdmitMember, ledger: TenantLedger) -> Answer:
        """Somebody joined."""
        team = self.team(command.case, ledger, command.by)
        team.admit_member(person=command.person, role=command.role, by=command.by, at=ledger.now())
        return ledger.save(team)

    @handles(ReleaseMember)
    def release_member(self, command: ReleaseMember, ledger: TenantLedger) -> Answer:
        """Somebody left."""
        team = self.team(command.case, ledger, command.by)
        team.release_member(person=command.person, by=command.by, at=ledger.now())
        return ledger.save(team)

    @handles(WallOffPersons)
    def wall_off_persons(self, command: WallOffPersons, ledger: TenantLedger) -> Answer:
        """Some must not learn of it."""
        team = self.team(command.case, ledger, command.by)
        team.wall_off(persons=command.persons, by=command.by, at=ledger.now())
        return ledger.save(team)

    @handles(NameCoordinator)
    def name_coordinator(self, command: NameCoordinator, ledger: TenantLedger) -> Answer:
        """Somebody holds the case."""
        team = self.team(command.case, ledger, command.by)
        team.name_coordinator(person=command.person, by=command.by, at=ledger.now())
        return ledger.save(team)

    @handles(NoteGlassBroken)
    def note_glass_broken(self, command: NoteGlassBroken, ledger: TenantLedger) -> Answer:
        """Somebody sees the case for a time."""
        team = self.team(command.case, ledger, command.by)
        team.note_glass_broken(person=command.person, until=command.until, by=command.by, at=ledger.now())
        return ledger.save(team)

    @handles(DissolveTeam)
    def dissolve_team(self, command: DissolveTeam, ledger: TenantLedger) -> Answer:
        """The case was closed."""
        team = self.team(command.case, ledger, command.by)
        team.dissolve(by=command.by, at=ledger.now())
        return ledger.save(team)

    @handles(ReformTeam)
    def reform_team(self, command: ReformTeam, ledger: TenantLedger) -> Answer:
        """The case was opened again."""
        team = self.team(command.case, ledger, command.by)
        team.reform(by=command.by, at=ledger.now())
        return ledger.save(team)


def _plain(key: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if key is None else dict(key)
