"""Informing, training, guests: what may be asked, and what is shown (SSS-05, SSS-09, REF-08)."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import Done, choice, day, identifier, line, many, number, text
from services.gateway.schemas.monitoring.group import MOST, EntryEvent

MOST_PEOPLE = 100_000
LONGEST_MINUTES = 100_000


class Coverage(Schema):
    """How many of an audience were reached, out of how many."""

    audience = choice(codes.AUDIENCES)
    reached = number(required=True, least=0, most=MOST_PEOPLE)
    out_of = number(required=True, least=0, most=MOST_PEOPLE)


class PlanCampaign(Schema):
    """Who is told what, in which way, when."""

    title = line(longest=200)
    audiences = many(choice(codes.AUDIENCES), least=1, most=MOST)
    topics = many(choice(codes.TOPICS), least=1, most=MOST)
    means = choice(codes.MEANS)
    starts_on = day()
    ends_on = day()


class HoldCampaign(Schema):
    """It took place."""

    held_on = day()
    note = text(required=False)


class CallOffCampaign(Schema):
    """Why it will not take place."""

    reasons = text()


class RecordStaffTraining(Schema):
    """What was held, for how long, and who was there."""

    title = line(longest=200)
    topics = many(choice(codes.TOPICS), least=1, most=MOST)
    held_on = day()
    minutes = number(required=True, least=1, most=LONGEST_MINUTES)
    count = number("With those who have no account", required=True, least=0, most=MOST_PEOPLE)
    attended = many(identifier(), required=False, most=MOST)
    held_by = many(identifier(), required=False, most=MOST)


class CorrectAttendance(Schema):
    """Who was there."""

    count = number(required=True, least=0, most=MOST_PEOPLE)
    attended = many(identifier(), required=False, most=MOST)
    reasons = text()


class InviteGuest(Schema):
    """Who, from where, for what and whom."""

    guest = choice(codes.GUESTS)
    name = line(longest=200)
    organisation = line(longest=200)
    purpose = choice(codes.GUEST_PURPOSES)
    audiences = many(choice(codes.AUDIENCES), least=1, most=MOST)
    topics = many(choice(codes.TOPICS), least=1, most=MOST)
    invited_for = day()


class RecordVisit(Schema):
    """What the guest gave, and to how many."""

    came_on = day()
    given = text()
    minutes = number(required=True, least=1, most=LONGEST_MINUTES)
    coverage = many(Coverage, least=1, most=MOST)


class RecordDecline(Schema):
    """Why the guest did not come."""

    reason = choice(codes.GUEST_DECLINES)
    note = text(required=False)


class OfASchoolYear(Schema):
    """Of which school year, by the year in which it began; the present one where left out."""

    school_year = number(least=2000, most=2999)


class CampaignState(Done):
    """Where a campaign stands."""

    campaign = identifier()
    state = choice(codes.CAMPAIGN_STATES)


class TrainingRecorded(Done):
    """Which training it is."""

    training = identifier()


class InvitationState(Done):
    """Where an invitation stands."""

    invitation = identifier()
    state = choice(codes.INVITATION_STATES)


class ListedCampaign(CampaignState):
    """A row."""

    means = choice(codes.MEANS)
    starts_on = day()
    ends_on = day()
    held_on = day(required=False)
    audiences = many(choice(codes.AUDIENCES))
    topics = many(choice(codes.TOPICS))
    coverage = many(Coverage)


class Campaigns(Schema):
    """The last first."""

    campaigns = many(ListedCampaign)


class Campaign(CampaignState):
    """A campaign with what happened."""

    version = number(required=True)
    history = many(EntryEvent, "Oldest first")


class ListedTraining(TrainingRecorded):
    """A row."""

    held_on = day()
    minutes = number(required=True)
    count = number(required=True)


class StaffTrainings(Schema):
    """The last first."""

    trainings = many(ListedTraining)


class StaffTraining(TrainingRecorded):
    """A training with what happened."""

    version = number(required=True)
    history = many(EntryEvent, "Oldest first")


class ListedInvitation(InvitationState):
    """A row."""

    guest = choice(codes.GUESTS)
    purpose = choice(codes.GUEST_PURPOSES)
    invited_for = day()
    came_on = day(required=False)
    audiences = many(choice(codes.AUDIENCES))
    topics = many(choice(codes.TOPICS))
    coverage = many(Coverage)


class Invitations(Schema):
    """The last first."""

    invitations = many(ListedInvitation)


class Invitation(InvitationState):
    """An invitation with what happened."""

    version = number(required=True)
    history = many(EntryEvent, "Oldest first")


class Gap(Schema):
    """Nobody of this audience was told of this."""

    audience = choice(codes.AUDIENCES)
    topic = choice(codes.TOPICS)


class Informed(Gap):
    """How often, how many at best, and when last."""

    times = number(required=True)
    reached = number(required=True)
    out_of = number()
    last_on = day()


class Informing(Schema):
    """What was told to whom in a school year, and what the policy demands and nobody was told."""

    school_year = number(required=True)
    informed = many(Informed)
    gaps = many(Gap)
    rules = many(fields.String())
