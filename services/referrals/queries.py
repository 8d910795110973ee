"""Read-only answers, tenant first: access is decided from aggregates and recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from services.referrals.application import ReferralsApplication, hsds
from services.referrals.commands import ConfirmEntry
from services.referrals.domain import access, rules
from services.referrals.domain.access import Decision
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.entry import DirectoryEntry, entry_stream
from services.referrals.domain.errors import NoSuchThingError
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import DUTY_OF_CLOCK, ENDED, AgencyKind, Clock, State
from services.referrals.read_models import directory, partner_inbox, referrals_of_cases, sending_attempts
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import derived_id
from shared.ladder import RUNGS
from shared.ledger.recorder import RecordedEvent
from shared.runners.coming_up import came_up_to


def show_referral(application: ReferralsApplication, tenant: UUID, by: Actor, *, referral: UUID) -> dict[str, Any]:
    """A referral, to the team of its case; or, in an agency's tenant, what the agency was told and nothing else."""
    if access.acts_for_an_agency(by):
        return _shown_to_the_agency(application, tenant, by, referral)
    found, team = _found(application, tenant, by, referral)
    _may_read(application, tenant, by, team, referral)
    return _brief(found) | {
        "case": str(found.case),
        "facts": found.facts,
        "drafted_by": found.drafted_by,
        "approved_by": getattr(found, "approved_by", None),
        "delivered_at": _text(found.delivered_at),
        "missed": {clock.value: at.isoformat() for clock, at in found.missed.items()},
        "answer": found.answer,
        "open_to": {"approve": found.state is State.DRAFT and access.approving(team, by).allowed},
    }


def referrals_of_case(application: ReferralsApplication, tenant: UUID, by: Actor, *, case: UUID) -> dict[str, Any]:
    """The referrals of a case as ids, states and clocks, newest first."""
    try:
        team = application.team(case, application.for_tenant(tenant), by)
    except NoSuchThingError as none:
        _deny(application, tenant, by, "case", case, Decision(False, none.rule))
        raise
    decision = access.reading(team, by, application.clock.now())
    _may(application, tenant, by, decision, "case", case)
    table = referrals_of_cases
    chosen = select(table).where(table.c.tenant == tenant, table.c.case == case).order_by(table.c.changed_at.desc())
    with application.read(tenant) as connection:
        rows = [dict(row._mapping) for row in connection.execute(chosen)]
    shown = [row["referral"] for row in rows]
    application.record_read(tenant, by, "referrals_of_case", [case, *shown], decision.rule)
    return {"referrals": [_row(row) for row in rows]}


def referral_timeline(application: ReferralsApplication, tenant: UUID, by: Actor, *, referral: UUID) -> dict[str, Any]:
    """Every event of a referral, oldest first; no positions, which would count what else goes on at the school.

    {"events": [{"version", "at", "recorded_at", "actor", "topic", "facts"}]}
    """
    _, team = _found(application, tenant, by, referral)
    _may_read(application, tenant, by, team, referral)
    events = application.for_tenant(tenant).events(referral)
    return {"events": [_happened(recorded, event) for recorded, event in events]}


def referral_deadlines(application: ReferralsApplication, tenant: UUID, by: Actor, *, referral: UUID) -> dict[str, Any]:
    """The three clocks of a referral: due when, by which rule, and whether running, met or missed.

    Of what the agency still owes also by which command, and how far its silence has come up at the school.
    """
    found, team = _found(application, tenant, by, referral)
    _may_read(application, tenant, by, team, referral)
    return {"deadlines": _deadlines(found)}


def come_up_to_me(application: ReferralsApplication, tenant: UUID, by: Actor) -> dict[str, Any]:
    """{"referrals": [{"referral", "duty", "rung", "due_at", "climbed_at", "rule"}]}: silences that came up to the
    caller, the longest overdue first.
    """
    with application.read(tenant) as connection:
        found = came_up_to(connection, tenant, by)
    ledger, seen = application.for_tenant(tenant), []
    for one in found:
        referral = ledger.find(Referral, one.stream)
        team = ledger.find(CaseTeam, referral.case) if referral else None
        if team is not None and access.reading(team, by, application.clock.now()).allowed:
            seen.append(one)
    application.record_read(tenant, by, "come_up_to_me", [one.stream for one in seen], "told_by_the_clock")
    return {"referrals": [one.told("referral") for one in seen]}


def agencies(application: ReferralsApplication, tenant: UUID, by: Actor) -> dict[str, Any]:
    """The directory: every agency with its kind, the template in force for it, and how it is reached (REF-02).

    By kind, then by id: in the same order wherever and whenever the rows were written.
    """
    platform, today = application.parts.platform, application.clock.now()
    return {
        "agencies": [
            {
                "agency": str(row["agency"]),
                "kind": row["kind"],
                "channel": row["channel"],
                "template": application.template_of(row["kind"], today),
                "entry": _described(application, row["agency"]),
            }
            for row in sorted(
                _rows(application, platform, directory), key=lambda row: (row["kind"], str(row["agency"]))
            )
        ]
    }


def agencies_needed(
    application: ReferralsApplication, tenant: UUID, by: Actor, *, kinds: Sequence[str]
) -> dict[str, Any]:
    """Which agencies these kinds of a case need: those whose entry says so first, then those of the kinds of body that
    the policy `referrals.bodies_needed` names (REF-02).

    {"agencies": [{"agency", "kind", "because": [kind of violence], "entry"}], "missing": [kinds of body without one]}
    """
    policy = application.for_tenant(tenant).book.at("referrals.bodies_needed", application.clock.now())
    bodies = {body: sorted({kind for kind in kinds if f"{kind}:{body}" in policy.value}) for body in AgencyKind}
    rows = agencies(application, tenant, by)["agencies"]
    found = []
    for row in rows:
        entry = row["entry"]
        said = sorted(set(kinds) & set(entry["details"]["needed_for"])) if entry else []
        because = sorted({*said, *bodies[AgencyKind(row["kind"])]})
        if because:
            found.append({"agency": row["agency"], "kind": row["kind"], "because": because, "entry": entry})
    found.sort(key=lambda one: (-len(one["because"]), one["kind"], one["agency"]))
    there = {row["kind"] for row in rows}
    missing = sorted(body for body, kinds_ in bodies.items() if kinds_ and body not in there)
    return {"agencies": found, "missing": missing, "rule": policy.key + "@" + policy.since.isoformat()}


def export_directory(application: ReferralsApplication, tenant: UUID, by: Actor) -> dict[str, Any]:
    """To its administrator: the agencies that the department keeps and described, as organizations of HSDS (REF-02)."""
    application.keeps_a_directory(by, tenant)
    told = {}
    for row in _rows(application, application.parts.platform, directory):
        agency = row["agency"]
        entry = application.for_tenant(agency).find(DirectoryEntry, entry_stream(agency))
        if entry is not None and application.is_kept_by(agency, tenant):
            told[agency] = hsds.organization_of(agency, entry.details, entry.confirmed_at)
    application.record_read(tenant, by, "directory", sorted(told, key=str), "keeps_the_directory")
    return {"organizations": [told[agency] for agency in sorted(told, key=str)]}


def delivery_log(application: ReferralsApplication, tenant: UUID, by: Actor, *, agency: UUID) -> dict[str, Any]:
    """To the administrator who keeps the agency's entry: every attempt to tell it something, newest first (REF-04).

    {"webhook": {"address", "enabled", "secret"} | None, "attempts": [{"referral", "message", "message_id", "attempt",
    "status", "at", "next_at"}]}
    """
    application.kept_by(ConfirmEntry(tenant=tenant, command_id=agency, by=by, agency=agency), agency)
    rows = sorted(_rows(application, agency, sending_attempts), key=lambda row: _utc(row["at"]), reverse=True)
    entry = application.for_tenant(agency).find(DirectoryEntry, entry_stream(agency))
    webhook = None
    if entry is not None and entry.webhook is not None:
        webhook = {"address": entry.webhook, "enabled": entry.webhook_enabled, "secret": entry.secret}
    application.record_read(tenant, by, "delivery_log", [agency], "keeps_the_directory")
    return {"webhook": webhook, "attempts": [_attempt(row) for row in rows]}


def _attempt(row: Mapping[str, Any]) -> dict[str, Any]:
    sent = derived_id(row["referral"], "message", row["message"])
    return {name: _text(row[name]) for name in ("referral", "message", "attempt", "status", "at", "next_at")} | {
        "message_id": str(sent)
    }


def _described(application: ReferralsApplication, agency: UUID) -> dict[str, Any] | None:
    entry = application.for_tenant(agency).find(DirectoryEntry, entry_stream(agency))
    if entry is None:
        return None
    return {
        "details": entry.details,
        "confirmed_at": entry.confirmed_at.isoformat(),
        "confirm_by": entry.confirm_by.isoformat(),
        "stale": entry.is_stale(application.clock.now()),
        "reached": entry.webhook is None or entry.webhook_enabled,
        "rule": entry.rule,
    }


# -- the agency's side


def show_inbox(application: ReferralsApplication, tenant: UUID, by: Actor) -> dict[str, Any]:
    """What lies in this agency's inbox, latest change first: ids, states, times; nothing that was said (REF-04)."""
    if not access.acts_for_an_agency(by):
        _deny(application, tenant, by, "partner_inbox", tenant, Decision(False, "only_the_agencys_officer"))
        raise NotPermittedError(rule="only_the_agencys_officer")
    rows = _still_there(application, _rows(application, tenant, partner_inbox))
    rows.sort(key=lambda row: _utc(row["changed_at"]), reverse=True)
    application.record_read(tenant, by, "partner_inbox", [row["referral"] for row in rows], "own_inbox")
    return {"referrals": [_row(row) for row in rows]}


def _still_there(application: ReferralsApplication, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what its school destroyed: that is unknown to whoever asks for it, and so in no list."""
    ended: dict[UUID, set[UUID]] = {}
    for row in rows:
        if State(row["state"]) in ENDED:
            ended.setdefault(row["school"], set()).add(row["referral"])
    gone = {school: application.for_tenant(school).erased_among(asked) for school, asked in ended.items()}
    return [row for row in rows if row["referral"] not in gone.get(row["school"], ())]


def _shown_to_the_agency(application: ReferralsApplication, tenant: UUID, by: Actor, referral: UUID) -> dict[str, Any]:
    try:
        entry = application.inbox_entry(referral, application.for_tenant(tenant))
    except UnknownError:
        _deny(application, tenant, by, "referral", referral, Decision(False, "not_in_the_agencys_inbox"))
        raise
    found = application.for_tenant(entry.school).get(Referral, referral)
    application.record_read(entry.school, by, "referral", [referral], "asked_agency")
    application.record_read(tenant, by, "referral", [referral], "own_inbox")
    return _brief(found) | {"school": str(entry.school), "facts": found.facts, "answer": found.answer}


# -- access


def _found(application: ReferralsApplication, tenant: UUID, by: Actor, referral: UUID) -> tuple[Referral, CaseTeam]:
    try:
        return application.referral_and_team(referral, application.for_tenant(tenant), by)
    except NoSuchThingError as none:
        _deny(application, tenant, by, "referral", referral, Decision(False, none.rule))
        raise


def _may_read(application: ReferralsApplication, tenant: UUID, by: Actor, team: CaseTeam, referral: UUID) -> None:
    decision = access.reading(team, by, application.clock.now())
    _may(application, tenant, by, decision, "referral", referral)
    application.record_read(tenant, by, "referral", [referral], decision.rule)


def _may(application: ReferralsApplication, tenant: UUID, by: Actor, decision: Decision, what: str, id: UUID) -> None:
    if not decision.allowed:
        _deny(application, tenant, by, what, id, decision)
    rules.caller_is_allowed(decision, what)


def _deny(application: ReferralsApplication, tenant: UUID, by: Actor, what: str, id: UUID, decision: Decision) -> None:
    application.record_read(tenant, by, what, [id], decision.rule, allowed=False)


# -- forms


def _brief(referral: Referral) -> dict[str, Any]:
    return {
        "referral": str(referral.id),
        "version": referral.version,
        "agency": str(referral.agency),
        "kind": referral.kind.value,
        "purpose": referral.purpose.value,
        "urgency": referral.urgency.value,
        "template": referral.template,
        "state": referral.state.value,
        "changed_at": referral.changed_at.isoformat(),
        "requested_at": _text(referral.requested_at),
        "deadlines": _deadlines(referral),
    }


def _deadlines(referral: Referral) -> list[dict[str, Any]]:
    return [
        {
            "clock": clock.value,
            "duty": DUTY_OF_CLOCK[clock],
            "due_at": deadline.due_at.isoformat(),
            "rule": deadline.rule,
            "state": "running" if clock in referral.running else "missed" if clock in referral.missed else "met",
            **_next_action(referral, clock),
        }
        for clock, deadline in referral.deadlines.items()
    ]


_COMMANDS = {
    Clock.ACKNOWLEDGE: "referrals.accept_referral",
    Clock.BEGIN: "referrals.begin_work",
    Clock.REPORT_BACK: "referrals.complete_referral",
}


def _next_action(referral: Referral, clock: Clock) -> dict[str, Any]:
    """The agency is to answer; nobody of it is known by person."""
    climb = referral.climbs.get(DUTY_OF_CLOCK[clock])
    owed = clock in referral.running or climb is not None
    return {
        "command": _COMMANDS[clock] if owed else None,
        "owner": f"agency:{referral.agency}" if owed else None,
        "persons": [],
        "came_up_to": None if climb is None else RUNGS[climb.step],
    }


_ENVELOPE = ("originator_id", "originator_version", "originator_topic", "timestamp", "actor", "walled")


def _happened(recorded: RecordedEvent, event: Any) -> dict[str, Any]:
    return {
        "version": event.originator_version,
        "at": event.timestamp.isoformat(),
        "recorded_at": datetime.fromtimestamp(recorded.recorded_at / 1_000_000, UTC).isoformat(),
        "actor": event.actor,
        "topic": recorded.topic,
        "facts": {name: _text(value) for name, value in vars(event).items() if name not in _ENVELOPE},
    }


def _rows(application: ReferralsApplication, tenant: UUID, table: Table) -> list[dict[str, Any]]:
    with application.read(tenant) as connection:
        return [dict(row._mapping) for row in connection.execute(select(table).where(table.c.tenant == tenant))]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in row.items() if name != "tenant"}


def _text(value: Any) -> Any:
    """Ids and times as text, anything else as it is."""
    if isinstance(value, datetime):
        return _utc(value).isoformat()
    return str(value) if isinstance(value, UUID) else value


def _utc(at: datetime) -> datetime:
    """SQLite keeps no zone: what comes back without one is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
