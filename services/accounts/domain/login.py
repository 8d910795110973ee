"""A login name's way to its person, in the installation's own tenant; its stream's id is a keyed hash of the name."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class Login(Aggregate):
    """Who signs in under a name, and how often that went wrong since it last went right."""

    TOPIC = "accounts.login"

    class Reserved(FirstEvent):
        TOPIC = "accounts.login_reserved"
        person: UUID
        home: UUID

    class SignedIn(Event):
        TOPIC = "accounts.signed_in"
        session: UUID

    class SignInFailed(Event):
        TOPIC = "accounts.sign_in_failed"

    class LockedOut(Event):
        """Too many failures: nobody signs in under this name until then."""

        TOPIC = "accounts.locked_out"
        until: datetime
        rule: str

    @classmethod
    def reserve(cls, *, id: UUID, person: UUID, home: UUID, by: Actor, at: datetime) -> Self:
        """Takes a name for a person."""
        return cls._begin(cls.Reserved, id=id, by=by, at=at, person=person, home=home)

    def sign_in(self, *, session: UUID, by: Actor, at: datetime) -> None:
        """Records a session that begins."""
        self._record(self.SignedIn, by=by, at=at, session=session)

    def fail(self, *, most: int, until: datetime, rule: str, by: Actor, at: datetime) -> None:
        """Counts a failure; the last of `most` locks the name `until` then. While locked, nothing is counted."""
        if self.is_locked_out(at):
            return
        self._record(self.SignInFailed, by=by, at=at)
        if self.failures >= most:
            self._record(self.LockedOut, by=by, at=at, until=until, rule=rule)

    def is_locked_out(self, moment: datetime) -> bool:
        """Whether nobody may sign in under this name at that moment."""
        return self.locked_until is not None and moment < self.locked_until

    def _reserved(self, event: Reserved) -> None:
        self.person = event.person
        self.home = event.home
        self.failures = 0
        self.locked_until: datetime | None = None

    def _signed_in(self, event: SignedIn) -> None:
        self.failures = 0

    def _sign_in_failed(self, event: SignInFailed) -> None:
        self.failures += 1

    def _locked_out(self, event: LockedOut) -> None:
        self.failures = 0
        self.locked_until = event.until
