"""Readers of other services' public events: only the fields that we use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from services.monitoring import incoming


class Read(Schema):
    """Base of the readers of public events: only the fields that we use."""

    class Meta:
        unknown = EXCLUDE


class _ProblemBehaviourReported(Read):
    report = fields.UUID(required=True)
    walled = fields.List(fields.UUID(), load_default=list)
    walled_roles = fields.List(fields.String(), load_default=list)


class _ReportWalled(Read):
    report = fields.UUID(required=True)
    walled = fields.List(fields.UUID(), required=True)
    walled_roles = fields.List(fields.String(), load_default=None)


class _ReportsPersonWalledOff(Read):
    report = fields.UUID(required=True)
    person = fields.UUID(required=True)
    walled_roles = fields.List(fields.String(), load_default=None)


class _CaseWalled(Read):
    case = fields.UUID(required=True)
    walled = fields.List(fields.UUID(), load_default=list)


class _CasesPersonWalledOff(Read):
    case = fields.UUID(required=True)
    person = fields.UUID(required=True)


def read_problem_behaviour_reported(body: Mapping[str, Any]) -> incoming.ProblemBehaviourReported:
    """`reports.problem_behaviour_reported.v1`."""
    return incoming.ProblemBehaviourReported(**_ProblemBehaviourReported().load(body))


def read_school_registered(_: Mapping[str, Any]) -> incoming.SchoolRegistered:
    """`accounts.school_registered.v1`: the tenant says which."""
    return incoming.SchoolRegistered()


def read_report_received(body: Mapping[str, Any]) -> incoming.MatterHeardOf:
    """`reports.report_received.v1`."""
    told = _ReportWalled().load(body)
    return incoming.MatterHeardOf(matter=told["report"], walled=told["walled"], walled_roles=told["walled_roles"])


def read_walled_off_from_report(body: Mapping[str, Any]) -> incoming.MatterHeardOf:
    """`reports.person_walled_off.v1`."""
    told = _ReportsPersonWalledOff().load(body)
    return incoming.MatterHeardOf(matter=told["report"], walled=[told["person"]], walled_roles=told["walled_roles"])


def read_case_walled(body: Mapping[str, Any]) -> incoming.MatterHeardOf:
    """`cases.case_opened.v1`, `cases.report_linked.v1`."""
    told = _CaseWalled().load(body)
    return incoming.MatterHeardOf(matter=told["case"], walled=told["walled"])


def read_walled_off_from_case(body: Mapping[str, Any]) -> incoming.MatterHeardOf:
    """`cases.person_walled_off.v1`."""
    told = _CasesPersonWalledOff().load(body)
    return incoming.MatterHeardOf(matter=told["case"], walled=[told["person"]])
