"""What all handlers of accounts share: the tenants' order, who may administer, and commands in other tenants."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.accounts import commands
from services.accounts.application.passwords import Passwords
from services.accounts.domain import rules
from services.accounts.domain.agency import Agency
from services.accounts.domain.department import Department
from services.accounts.domain.matter_grants import MatterGrants, grants_of
from services.accounts.domain.school import School
from services.accounts.publications import PUBLICATIONS
from services.accounts.reactions import REACTIONS
from shared.clock import Clock, SystemClock
from shared.domain import Actor, Command, NotPermittedError
from shared.ids import derived_id
from shared.ledger.application import LedgerApplication, LedgerParts, TenantLedger
from shared.regulation import RuleBook
from shared.signing import KeyRing, SigningKey
from shared.tokens import Verifier

CARRIER = Actor(id="policy:carry_change")


class AccountsBase(LedgerApplication):
    """`real_clock` tells tokens' times, which no rehearsal shifts."""

    def __init__(
        self,
        parts: LedgerParts,
        regulations: RuleBook,
        *,
        real_clock: Clock | None = None,
        passwords: Passwords | None = None,
    ) -> None:
        super().__init__(parts, publications=PUBLICATIONS, reactions=REACTIONS, regulations=regulations)
        self.real_clock = real_clock or SystemClock()
        self.passwords = passwords or Passwords()
        self.signing_key = parts.signing_key or SigningKey.generate(self.name)
        self.sessions = Verifier(parts.public_keys or KeyRing.of(self.signing_key), self.name)

    def administered(self, command: Command, ledger: TenantLedger) -> Department:
        """The department, where the caller may administer it; records each denial."""
        try:
            rules.administrator_registers(command.by)
        except NotPermittedError as denial:
            self.record_read(ledger.tenant, command.by, "administration", [], denial.rule, allowed=False)
            raise
        return ledger.get(Department, ledger.tenant)

    def of_person(self, command: Any, ledger: TenantLedger) -> None:
        """That the caller may change the account of `command.person`: the administrator, or the person themselves."""
        if command.by.person == command.person and command.home == ledger.tenant:
            return
        rules.tenant_is_of_the_department(self.administered(command, ledger), command.home)

    def elsewhere(self, kind: type[Command], command: Command, tenant: UUID, /, **facts: Any) -> dict[str, Any]:
        """Does the effect of `command` in another tenant, once, under a derived id; gives its answer."""
        effect = kind(
            tenant=tenant,
            command_id=derived_id(command.command_id, kind.__name__),
            by=command.by,
            cause=command.command_id,
            expected_version=command.expected_version,
            **facts,
        )
        return self.execute(effect).body

    def follow(self, department: Department, school: UUID, changes: Iterable[UUID]) -> None:
        """Has a school follow what its department changed, each once: by whoever, under an id of the change's own."""
        for change in changes:
            policy, day = department.policies.get(change), department.days.get(change)
            envelope: dict[str, Any] = {
                "tenant": school,
                "command_id": derived_id(change, "follow", str(school)),
                "by": CARRIER,
                "cause": change,
                "change": change,
            }
            if policy is not None:
                self.execute(commands.FollowPolicy(**envelope, policy=policy))
            if day is not None:
                self.execute(commands.FollowDay(**envelope, day=day))

    def department_of(self, tenant: UUID) -> UUID | None:
        """The department that a tenant belongs to, or is."""
        ledger = self.for_tenant(tenant)
        found = ledger.find(School, tenant) or ledger.find(Agency, tenant)
        if found is not None:
            return found.department
        return tenant if ledger.find(Department, tenant) else None

    def grants_at(self, school: UUID, matter: UUID) -> MatterGrants | None:
        """The grants of a matter of a school."""
        return self.for_tenant(school).find(MatterGrants, grants_of(school, matter))

    def login_stream(self, login: str) -> UUID:
        """The stream that a login name leads to: an HMAC under a key outside the database."""
        name = unicodedata.normalize("NFKC", login).strip().casefold()
        key = self.parts.tenant_keys.blind_key(self.parts.platform, "login")
        return UUID(bytes=hmac.new(key, name.encode(), sha256).digest()[:16], version=4)

    def deny(self, tenant: UUID, by: Actor, what: str, rule: str, ids: tuple[UUID, ...] = ()) -> NotPermittedError:
        """Records a denial and gives the refusal to raise."""
        self.record_read(tenant, by, what, ids, rule, allowed=False)
        return NotPermittedError(rule=rule)
