"""One handler per command: load, call, save."""

from collections.abc import Mapping
from typing import ClassVar

from services.referrals.application.directory_and_teams import DirectoryHandlers, TeamHandlers
from services.referrals.application.importing import ImportingHandlers
from services.referrals.application.school import SchoolHandlers
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import ENDED
from shared.domain import Aggregate
from shared.ledger.erasing import Needed
from shared.ledger.retention import Retaining


class ReferralsApplication(DirectoryHandlers, TeamHandlers, ImportingHandlers, SchoolHandlers, Retaining):
    """Who else must help, and what came of asking."""

    name = "referrals"  # said here again: the library gives every subclass its class's name otherwise
    erasable: ClassVar[Mapping[type[Aggregate], Needed]] = {
        Referral: lambda referral: None if referral.state in ENDED else "referrals.referral_not_ended"
    }
