"""One handler per command: load, call, save."""

from services.referrals.application.directory_and_teams import DirectoryHandlers, TeamHandlers
from services.referrals.application.partner import PartnerHandlers
from services.referrals.application.school import SchoolHandlers


class ReferralsApplication(DirectoryHandlers, TeamHandlers, SchoolHandlers, PartnerHandlers):
    """Who else must help, and what came of asking."""

    name = "referrals"  # said here again: the library gives every subclass its class's name otherwise
