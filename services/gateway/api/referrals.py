"""Routes of referrals: the school's side, and the agency's, which acts in its own tenant."""

from __future__ import annotations

from marshmallow import Schema

from services.gateway.api.routes import Route, command, question
from services.gateway.schemas import referrals as schemas
from services.gateway.schemas.common import Deadlines, Timeline

ONE = "/referrals/{referral}"
PARTNER = "/partner/referrals"


def of_referral(path: str, method: str, summary: str, body: type[Schema] | None = None) -> Route:
    """A step of one referral."""
    return command(path, f"referrals.{method}", summary, body, answer=schemas.ReferralState)


SCHOOL = (
    command(
        "/cases/{case}/referrals",
        "referrals.draft_referral",
        "Draft a referral from the template of the agency's kind",
        schemas.DraftReferral,
        answer=schemas.ReferralDrafted,
        creates=ONE,
    ),
    question("/cases/{case}/referrals", "referrals.referrals_of_case", "The referrals of a case", schemas.Referrals),
    question(ONE, "referrals.show_referral", "One referral", schemas.Referral),
    question(f"{ONE}/timeline", "referrals.referral_timeline", "Every event of a referral", Timeline),
    question(f"{ONE}/deadlines", "referrals.referral_deadlines", "The three clocks of a referral", Deadlines),
    of_referral(
        f"{ONE}/approval", "approve_referral", "Let exactly these fields leave, and ask", schemas.ApproveReferral
    ),
    of_referral(f"{ONE}/cancellation", "cancel_referral", "Take a referral back", schemas.CancelReferral),
    command(
        f"{ONE}/link",
        "referrals.hand_over_link",
        "A one-time link for an agency without an account, told once",
        answer=schemas.LinkHandedOver,
    ),
    command(
        f"{ONE}/link/withdrawal",
        "referrals.withdraw_link",
        "Let the link lead nowhere any more",
        answer=schemas.LinkWithdrawn,
    ),
    of_referral(f"{ONE}/silence", "leave_silence", "Do no more about a silence", schemas.LeaveSilence),
    question("/come-up/referrals", "referrals.come_up_to_me", "Which silences came up", schemas.ReferralsCameUp),
    question("/directory", "referrals.agencies", "The agencies, with their templates", schemas.Directory),
    question(
        "/directory/needed",
        "referrals.agencies_needed",
        "Which agencies kinds of a case need",
        schemas.NeededAgencies,
        query=schemas.AgenciesNeeded,
    ),
    question("/directory/hsds", "referrals.export_directory", "The directory as HSDS has it", schemas.Organizations),
    command(
        "/directory/hsds",
        "referrals.import_directory",
        "Enter the directory from HSDS, all of it or nothing",
        schemas.ImportDirectory,
        answer=schemas.DirectoryImported,
    ),
    command(
        "/directory/{agency}",
        "referrals.describe_agency",
        "Say what an agency is, whom to call, when to turn to it",
        schemas.DescribeAgency,
        answer=schemas.EntryChanged,
    ),
    command(
        "/directory/{agency}/confirmation",
        "referrals.confirm_entry",
        "The entry is still true",
        answer=schemas.EntryChanged,
    ),
    command(
        "/directory/{agency}/webhook",
        "referrals.set_webhook",
        "Say where an agency's machine listens; its secret is told once",
        schemas.SetWebhook,
        answer=schemas.WebhookSet,
    ),
    command(
        "/directory/{agency}/webhook/enabling",
        "referrals.enable_webhook",
        "Send to a disabled webhook again",
        answer=schemas.AgencyNoted,
    ),
    question("/directory/{agency}/deliveries", "referrals.delivery_log", "What it was sent", schemas.DeliveryLog),
    command(
        "/directory/{agency}/deliveries",
        "referrals.redeliver",
        "Send a message anew",
        schemas.Redeliver,
        answer=schemas.AgencyNoted,
    ),
)

AGENCY = (
    question(PARTNER, "referrals.partner_inbox", "What lies in the agency's inbox", schemas.Inbox),
    question(PARTNER + "/{referral}", "referrals.show_referral", "A referral as it was sent", schemas.Referral),
    of_referral(PARTNER + "/{referral}/acceptance", "accept_referral", "Take it on"),
    of_referral(PARTNER + "/{referral}/refusal", "decline_referral", "Decline, with a reason", schemas.DeclineReferral),
    of_referral(PARTNER + "/{referral}/start", "begin_work", "Begin"),
    of_referral(PARTNER + "/{referral}/hold", "put_on_hold", "Wait for something", schemas.PutOnHold),
    of_referral(PARTNER + "/{referral}/resumption", "resume", "Go on"),
    of_referral(PARTNER + "/{referral}/outcome", "complete_referral", "Report back", schemas.CompleteReferral),
    of_referral(PARTNER + "/{referral}/failure", "fail_referral", "Give it up", schemas.FailReferral),
)

ROUTES = SCHOOL + AGENCY
