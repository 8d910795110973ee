"""Routes of breaches of what protects whoever reports."""

from __future__ import annotations

from services.gateway.api.routes import command, question
from services.gateway.schemas import breaches as schemas

ONE = "/breaches/{breach}"

ROUTES = (
    command(
        "/breaches",
        "reports.report_breach",
        "Report retaliation, or a disclosure without need; without a session, as somebody who stays anonymous",
        schemas.ReportBreach,
        answer=schemas.BreachState,
        creates=ONE,
        anonymous=True,
    ),
    command(
        "/receipt/breaches",
        "reports.report_breach_by_receipt",
        "Report retaliation or a disclosure by receipt; no session is looked at",
        schemas.ReportBreachByReceipt,
        answer=schemas.BreachStateByReceipt,
        nameless=True,
    ),
    question(
        "/breaches", "reports.list_breaches", "Breaches that the caller may see", schemas.Breaches, items="breaches"
    ),
    question(ONE, "reports.show_breach", "One breach", schemas.Breach),
    command(
        f"{ONE}/walls",
        "reports.wall_off_from_breach",
        "Keep somebody away from a breach",
        schemas.WallOffFromBreach,
        answer=schemas.BreachState,
    ),
    command(
        f"{ONE}/owner",
        "reports.appoint_breach_owner",
        "Say who looks into it",
        schemas.AppointBreachOwner,
        answer=schemas.BreachState,
    ),
    command(
        f"{ONE}/steps",
        "reports.take_breach_step",
        "Say what was done",
        schemas.TakeBreachStep,
        answer=schemas.BreachState,
    ),
    command(
        f"{ONE}/outcome",
        "reports.end_breach",
        "Say whether it was so, and what follows by the school's rules",
        schemas.EndBreach,
        answer=schemas.BreachState,
    ),
)
