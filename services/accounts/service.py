"""The door: what can be asked of this service from outside, each in a line: schema, command or query.

Signing in and asking for tokens work without a token: a password, a session, a school's id are checked instead.
"""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.accounts import commands, queries, schemas
from services.accounts.application import AccountsApplication
from shared.runners.door import LedgerDoor

Payload = dict[str, Any]


class AccountsService(LedgerDoor):
    """Accounts over RPC."""

    name = "accounts"

    @rpc
    def sign_in(self, payload: Payload) -> Any:
        """Starts a session."""
        return self.door.without_token(payload, schemas.SignIn(), AccountsApplication.sign_in)

    @rpc
    def issue_token(self, payload: Payload) -> Any:
        """Gives a session's person a token for one service and tenant."""
        return self.door.without_token(payload, schemas.IssueToken(), AccountsApplication.issue_token)

    @rpc
    def issue_reporter_token(self, payload: Payload) -> Any:
        """Gives anybody a token to report with (REP-03)."""
        return self.door.without_token(payload, schemas.IssueReporterToken(), AccountsApplication.issue_reporter_token)

    @rpc
    def register_school(self, token: str, payload: Payload) -> Any:
        """Registers a school."""
        return self.door.command(token, payload, schemas.RegisterSchool(), commands.RegisterSchool)

    @rpc
    def register_agency(self, token: str, payload: Payload) -> Any:
        """Registers an agency (REF-02)."""
        return self.door.command(token, payload, schemas.RegisterAgency(), commands.RegisterAgency)

    @rpc
    def confirm_agency(self, token: str, payload: Payload) -> Any:
        """Confirms an agency's entry (REF-02)."""
        return self.door.command(token, payload, schemas.OfOneAgency(), commands.ConfirmAgency)

    @rpc
    def register_person(self, token: str, payload: Payload) -> Any:
        """Registers a person."""
        return self.door.command(token, payload, schemas.RegisterPerson(), commands.RegisterPerson)

    @rpc
    def set_password(self, token: str, payload: Payload) -> Any:
        """Sets a password."""
        return self.door.command(token, payload, schemas.SetPassword(), commands.SetPassword)

    @rpc
    def assign_role(self, token: str, payload: Payload) -> Any:
        """Gives somebody a role."""
        return self.door.command(token, payload, schemas.AssignRole(), commands.AssignRole)

    @rpc
    def end_role(self, token: str, payload: Payload) -> Any:
        """Ends a role."""
        return self.door.command(token, payload, schemas.EndRole(), commands.EndRole)

    @rpc
    def revoke_sessions(self, token: str, payload: Payload) -> Any:
        """Signs somebody out everywhere."""
        return self.door.command(token, payload, schemas.OfOnePerson(), commands.RevokeSessions)

    @rpc
    def lock_person(self, token: str, payload: Payload) -> Any:
        """Keeps somebody out."""
        return self.door.command(token, payload, schemas.OfOnePerson(), commands.LockPerson)

    @rpc
    def unlock_person(self, token: str, payload: Payload) -> Any:
        """Lets somebody in again."""
        return self.door.command(token, payload, schemas.OfOnePerson(), commands.UnlockPerson)

    @rpc
    def open_engagement(self, token: str, payload: Payload) -> Any:
        """Lets an auditor read."""
        return self.door.command(token, payload, schemas.OpenEngagement(), commands.OpenEngagement)

    @rpc
    def close_engagement(self, token: str, payload: Payload) -> Any:
        """Ends an engagement."""
        return self.door.command(token, payload, schemas.CloseEngagement(), commands.CloseEngagement)

    @rpc
    def change_policy(self, token: str, payload: Payload) -> Any:
        """Sets what the source leaves to the department."""
        return self.door.command(token, payload, schemas.ChangePolicy(), commands.ChangePolicy)

    @rpc
    def change_day(self, token: str, payload: Payload) -> Any:
        """Says of a day whether it is worked."""
        return self.door.command(token, payload, schemas.ChangeDay(), commands.ChangeDay)

    @rpc
    def policy_of_department(self, token: str, payload: Payload) -> Any:
        """What the department set, and what it may set."""
        return self.door.query(token, payload, schemas.Nothing(), queries.policy_of_department)

    @rpc
    def schools_of_department(self, token: str, payload: Payload) -> Any:
        """The department's schools."""
        return self.door.query(token, payload, schemas.Nothing(), queries.schools_of_department)

    @rpc
    def agencies(self, token: str, payload: Payload) -> Any:
        """The department's directory."""
        return self.door.query(token, payload, schemas.ListAgencies(), queries.agencies)

    @rpc
    def show_agency(self, token: str, payload: Payload) -> Any:
        """One agency."""
        return self.door.query(token, payload, schemas.OfOneAgency(), queries.show_agency)

    @rpc
    def show_person(self, token: str, payload: Payload) -> Any:
        """One person."""
        return self.door.query(token, payload, schemas.ShowPerson(), queries.show_person)

    @rpc
    def people_of_tenant(self, token: str, payload: Payload) -> Any:
        """The tenant's people."""
        return self.door.query(token, payload, schemas.Nothing(), queries.people_of_tenant)

    @rpc
    def engagements_of_department(self, token: str, payload: Payload) -> Any:
        """The department's engagements."""
        return self.door.query(token, payload, schemas.Nothing(), queries.engagements_of_department)

    @rpc
    def name_person_for_grant(self, token: str, payload: Payload) -> Any:
        """Names an agency's person for a matter of a school (REF-05)."""
        return self.door.command(token, payload, schemas.NamePersonForGrant(), commands.NamePersonForGrant)

    @rpc
    def withdraw_from_grant(self, token: str, payload: Payload) -> Any:
        """Takes an agency's person back (REF-05)."""
        return self.door.command(token, payload, schemas.OfOneGrant(), commands.WithdrawFromGrant)

    @rpc
    def grants_of_agency(self, token: str, payload: Payload) -> Any:
        """The grants that schools ask this agency for."""
        return self.door.query(token, payload, schemas.Nothing(), queries.grants_of_agency)
