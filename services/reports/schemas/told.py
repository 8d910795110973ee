"""Readers of other services' public events: only the fields that we use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from services.reports import incoming


class Read(Schema):
    """Base of the readers of public events: only the fields that we use."""

    class Meta:
        unknown = EXCLUDE


class _CaseOpened(Read):
    case = fields.UUID(required=True)
    report = fields.UUID(required=True)
    walled = fields.List(fields.UUID(), load_default=list)


class _ReportLinked(Read):
    case = fields.UUID(required=True)
    walled = fields.List(fields.UUID(), required=True)


class _PersonWalledOff(Read):
    case = fields.UUID(required=True)
    person = fields.UUID(required=True)


class _TeamMemberJoined(Read):
    case = fields.UUID(required=True)
    person = fields.UUID(required=True)
    role = fields.String(required=True)


class _TeamMemberLeft(Read):
    case = fields.UUID(required=True)
    person = fields.UUID(required=True)


def read_case_opened(body: Mapping[str, Any]) -> incoming.CaseOpened:
    """`cases.case_opened.v1`."""
    return incoming.CaseOpened(**_CaseOpened().load(body))


def read_report_linked(body: Mapping[str, Any]) -> incoming.CaseWalled:
    """`cases.report_linked.v1`."""
    return incoming.CaseWalled(**_ReportLinked().load(body))


def read_person_walled_off(body: Mapping[str, Any]) -> incoming.CaseWalled:
    """`cases.person_walled_off.v1`."""
    told = _PersonWalledOff().load(body)
    return incoming.CaseWalled(case=told["case"], walled=[told["person"]])


def read_team_member_joined(body: Mapping[str, Any]) -> incoming.TeamMemberJoined:
    """`cases.team_member_joined.v1`."""
    return incoming.TeamMemberJoined(**_TeamMemberJoined().load(body))


def read_team_member_left(body: Mapping[str, Any]) -> incoming.TeamMemberLeft:
    """`cases.team_member_left.v1`."""
    return incoming.TeamMemberLeft(**_TeamMemberLeft().load(body))


class _DestructionApproved(Read):
    erasure = fields.UUID(required=True)
    streams = fields.List(fields.UUID(), required=True, data_key="reports")
    rule = fields.String(required=True)
    requested_by = fields.UUID(required=True)
    approved_by = fields.UUID(required=True)


def read_destruction_approved(body: Mapping[str, Any]) -> incoming.DestructionApproved:
    """cases.destruction_approved.v1."""
    return incoming.DestructionApproved(**_DestructionApproved().load(body))
