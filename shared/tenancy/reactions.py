"""Which public events of `accounts` a service follows to know the tenants that it works in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields

from shared.domain import Command
from shared.ladder import LEADING
from shared.policy import Heard, Reaction
from shared.tenancy import commands


class _Told(Schema):
    class Meta:
        unknown = EXCLUDE


class _SchoolRegistered(_Told):
    department = fields.UUID(required=True)


class _RoleAssigned(_Told):
    tenant = fields.UUID(required=True)
    grant = fields.UUID(required=True)
    person = fields.UUID(required=True)
    role = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(load_default=None, allow_none=True)


class _RoleEnded(_Told):
    tenant = fields.UUID(required=True)
    grant = fields.UUID(required=True)
    role = fields.String(required=True)
    ends_at = fields.AwareDateTime(required=True)


class _PolicyChanged(_Told):
    change = fields.UUID(required=True)
    key = fields.String(required=True)
    unit = fields.String(required=True)
    value = fields.Integer(required=True, allow_none=True, strict=True)
    since = fields.Date(required=True)


class _DayChanged(_Told):
    change = fields.UUID(required=True)
    day = fields.Date(required=True)
    worked = fields.Boolean(required=True)


Told = Mapping[str, Any]


def tenancy_reactions(service: str) -> Sequence[Reaction]:
    """What `service` follows: whose a school is, who leads it, its own keys' values, the days."""

    def when_role_assigned_take_office(event: Told, heard: Heard) -> Sequence[Command]:
        facts = {name: event[name] for name in ("grant", "person", "role", "starts_at", "ends_at")}
        return _when(commands.TakeOffice, heard, facts, event["tenant"]) if event["role"] in LEADING else []

    def when_role_ended_leave_office(event: Told, heard: Heard) -> Sequence[Command]:
        facts = {name: event[name] for name in ("grant", "ends_at")}
        return _when(commands.LeaveOffice, heard, facts, event["tenant"]) if event["role"] in LEADING else []

    def when_policy_changed_follow_policy(event: Told, heard: Heard) -> Sequence[Command]:
        is_ours = event["key"].partition(".")[0] == service
        return _when(commands.FollowPolicy, heard, event) if is_ours else []

    return (
        _reaction("accounts.school_registered.v1", _SchoolRegistered, when_school_registered_name_department),
        _reaction("accounts.role_assigned.v1", _RoleAssigned, when_role_assigned_take_office),
        _reaction("accounts.role_ended.v1", _RoleEnded, when_role_ended_leave_office),
        _reaction("accounts.policy_changed.v1", _PolicyChanged, when_policy_changed_follow_policy),
        _reaction("accounts.day_changed.v1", _DayChanged, when_day_changed_follow_day),
    )


def when_school_registered_name_department(event: Told, heard: Heard) -> Sequence[Command]:
    """Its department's values hold in it, and what is missed there climbs to that department."""
    return _when(commands.NameDepartment, heard, event)


def when_day_changed_follow_day(event: Told, heard: Heard) -> Sequence[Command]:
    """Working days are counted by the department's own table."""
    return _when(commands.FollowDay, heard, event)


def _reaction(type_: str, schema: type[Schema], policy: Callable[[Told, Heard], Sequence[Command]]) -> Reaction:
    def read(body: Mapping[str, Any]) -> Told:
        told: Told = schema().load(body)
        return told

    return Reaction(listens_to=type_, reader=read, policy=policy)


def _when(kind: type[Command], heard: Heard, facts: Told, tenant: UUID | None = None) -> Sequence[Command]:
    """One command; `tenant` where the fact is about another tenant than the one in whose log it was told."""
    name = f"when_{heard.type.split('.')[1]}_{kind.__name__}"
    return [
        kind(
            tenant=tenant or heard.tenant,
            command_id=heard.command_id(name),
            by=heard.actor(name),
            cause=heard.id,
            **facts,
        )
    ]
