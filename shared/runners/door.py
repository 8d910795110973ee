"""The door of a service: verifies the caller, reads the payload, calls the application, turns refusals into data."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc
from sqlalchemy import select

from shared.domain import (
    Command,
    DomainError,
    InvalidInputError,
    NotPermittedError,
    UnknownError,
    VersionConflictError,
)
from shared.ledger.application import Answer
from shared.ledger.tables import positions
from shared.logging import facts_of, log
from shared.messaging.pull import heads_page, pull_page
from shared.messaging.transport import keep_answers_off_the_disk
from shared.runners.parts import ServiceApp
from shared.runners.positions import opened_position, sealed_position
from shared.sealing.keys import TenantDestroyedError
from shared.tokens import PersonClaims, TokenRefusedError, Verifier

WAIT_FOR_POSITION_SECONDS = 2.0
BUILT = "qorgan_service"
GRANT_RULE = "grant_opens_its_matter_alone"


class OpenDoor:
    """The door for one call, on a built service."""

    def __init__(self, service: ServiceApp) -> None:
        self.service = service
        self.verifier = Verifier(service.public_keys, service.name)

    @property
    def application(self) -> Any:
        """The service's application; doors know of which class theirs is."""
        return self.service.application

    def command(
        self,
        token: str,
        payload: Mapping[str, Any],
        schema: Schema,
        command: type[Command],
        *,
        by_grant: bool = False,
    ) -> dict[str, Any]:
        """Does a command for the token's person in the token's tenant; the log's position after it is told sealed.

        `by_grant`: whether it may come from an outsider, in the one matter that their grant opens.
        """

        def call() -> tuple[dict[str, Any], str]:
            claims = self.verifier.person(str(token), datetime.now(UTC))
            self._keep_to_the_matter(claims, command.__name__, by_grant=by_grant)
            data = load(schema, _data(payload))
            answer: Answer = self.application.execute(
                command(
                    **data,
                    tenant=claims.tenant,
                    by=claims.actor,
                    command_id=_command_id(payload),
                    expected_version=_number(payload, "expected_version"),
                )
            )
            keys = self.application.parts.tenant_keys
            return answer.body, sealed_position(keys, self.service.name, claims.tenant, answer.position)

        return self._answer(call)

    def query(
        self,
        token: str,
        payload: Mapping[str, Any],
        schema: Schema,
        query: Callable[..., Any],
        *,
        by_grant: bool = False,
    ) -> dict[str, Any]:
        """Answers a question for the token's person, about the token's tenant; `by_grant` as for commands."""

        def call() -> tuple[Any, None]:
            claims = self.verifier.person(str(token), datetime.now(UTC))
            self._keep_to_the_matter(claims, query.__name__, by_grant=by_grant)
            data = load(schema, _data(payload))
            self._wait_for(claims.tenant, self._at_least(payload, claims.tenant))
            return query(self.application, claims.tenant, claims.actor, **data), None

        return self._answer(call)

    def without_token(self, payload: Mapping[str, Any], schema: Schema, function: Callable[..., Any]) -> dict[str, Any]:
        """Calls what must work before there is a token (signing in)."""
        return self._answer(lambda: (function(self.application, **load(schema, _data(payload))), None))

    def pull(self, token: str, tenant: str, after: int, limit: int) -> dict[str, Any]:
        """Public events of a tenant after a number, for a service that listens to us."""

        def call() -> tuple[Any, None]:
            self._admit_listener(token, "pull")
            return pull_page(self.service, UUID(tenant), after, limit), None

        return self._answer(call)

    def heads(self, token: str, after: str | None) -> dict[str, Any]:
        """Public heads of our tenants, a page of them, for a service that listens to us."""

        def call() -> tuple[Any, None]:
            self._admit_listener(token, "heads")
            return heads_page(self.service, UUID(after) if after else None), None

        return self._answer(call)

    def _keep_to_the_matter(self, claims: PersonClaims, what: str, *, by_grant: bool) -> None:
        """An outsider's grant opens what is open to grants, and nothing else of the tenant: that is unknown to them."""
        if claims.actor.comes_by_grant and not by_grant:
            self.application.record_read(claims.tenant, claims.actor, what, [], GRANT_RULE, allowed=False)
            raise UnknownError

    def _admit_listener(self, token: str, method: str) -> None:
        caller = self.verifier.service(str(token), method, datetime.now(UTC)).caller
        if caller not in self.service.heard_by:
            raise NotPermittedError(rule="common.only_listeners_pull")

    def _answer(self, call: Callable[[], tuple[Any, str | None]]) -> dict[str, Any]:
        started = time.monotonic()
        try:
            body, position = call()
        except DomainError as error:
            return {"ok": False, "kind": _kind(error), "code": error.code, "facts": jsonable(error.facts)}
        except TenantDestroyedError:
            return {"ok": False, "kind": "unknown", "code": UnknownError.code, "facts": {}}
        except Exception as error:  # noqa: BLE001 - its text may name somebody: callers learn only that it failed
            log().error("door.call_failed", **facts_of(error))
            return {"ok": False, "kind": "failed", "code": "common.failed", "facts": {}}
        finally:
            log().debug("door.called", duration_ms=int(1000 * (time.monotonic() - started)))
        return {"ok": True, "answer": jsonable(body), "position": position}

    def _at_least(self, payload: Mapping[str, Any], tenant: UUID) -> int | None:
        """The position that the answer must have seen. Raises UnknownError for what we did not seal."""
        text = payload.get("at_least")
        if text is None:
            return None
        try:
            return opened_position(self.application.parts.tenant_keys, self.service.name, tenant, str(text))
        except ValueError:
            raise UnknownError(what="position") from None

    def _wait_for(self, tenant: UUID, position: int | None) -> None:
        """Waits until the read models hold what the caller has just written, two seconds at most."""
        if position is None:
            return
        ends = time.monotonic() + WAIT_FOR_POSITION_SECONDS
        chosen = select(positions.c.position).where(positions.c.tenant == tenant)
        while time.monotonic() < ends:
            with self.service.database.tenant(tenant) as connection:
                if (connection.scalar(chosen) or 0) >= position:
                    return
            time.sleep(0.01)  # a poll with a deadline: the follower is another process


class Door(DependencyProvider):  # type: ignore[misc]
    """Gives a nameko service its open door."""

    def setup(self) -> None:
        """Before the service takes its first call."""
        keep_answers_off_the_disk()

    def get_dependency(self, worker_ctx: Any) -> OpenDoor:
        """The door on the service that the container was configured with."""
        return OpenDoor(self.container.config[BUILT])


class LedgerDoor:
    """What every service answers to the services that listen to it."""

    door: Any = Door()

    @rpc
    def pull(self, token: str, tenant: str, after: int, limit: int) -> dict[str, Any]:
        """A tenant's public events with numbers after `after`, signed; `limit` of them at most, and 500."""
        answer: dict[str, Any] = self.door.pull(token, tenant, after, limit)
        return answer

    @rpc
    def heads(self, token: str, after: str | None) -> dict[str, Any]:
        """A page of the tenants whose ids come after `after`, each with the number of its last public event."""
        answer: dict[str, Any] = self.door.heads(token, after)
        return answer


def load(schema: Schema, data: Any) -> dict[str, Any]:
    """What a schema makes of the payload. Raises InvalidInputError with the codes of every fault by field path."""
    try:
        loaded: dict[str, Any] = schema.load(data or {})
    except ValidationError as error:
        raise InvalidInputError(dict(_faults(error.messages, ""))) from None
    return loaded


def _faults(messages: Any, path: str) -> Any:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            below = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            yield from _faults(inner, below)
    else:
        yield path or "data", [str(code) for code in messages]


def _data(payload: Any) -> Any:
    if not isinstance(payload, Mapping):
        raise InvalidInputError({"payload": ["not_an_object"]})
    return payload.get("data")


def _number(payload: Mapping[str, Any], name: str) -> int | None:
    number = payload.get(name)
    if number is None or (isinstance(number, int) and not isinstance(number, bool)):
        return number
    raise InvalidInputError({name: ["not_a_number"]})


def _command_id(payload: Mapping[str, Any]) -> UUID:
    try:
        return UUID(str(payload["command_id"]))
    except (KeyError, ValueError):
        raise InvalidInputError({"command_id": ["required"]}) from None


def _kind(error: DomainError) -> str:
    kinds = (
        (UnknownError, "unknown"),
        (NotPermittedError, "not_permitted"),
        (InvalidInputError, "invalid"),
        (VersionConflictError, "conflict"),
        (TokenRefusedError, "token"),
    )
    return next((name for kind, name in kinds if isinstance(error, kind)), "refused")


def jsonable(value: Any) -> Any:
    """Ids as text, times as ISO 8601 UTC, everything else as it is."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value if isinstance(value, str | int | float | bool | None) else str(value)
