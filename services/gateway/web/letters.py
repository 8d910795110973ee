"""What is written to agencies: in three languages at once, for nobody knows who reads the mailbox. Nobody is named."""

from __future__ import annotations

from datetime import datetime

from services.gateway.languages import LANGUAGES
from services.gateway.web.catalogues import Catalogue, noted
from services.gateway.web.moments import moment

SUBJECT = noted("A referral for your agency")
TEXT = noted("A school asks your agency for help with a child. Open the referral and answer by this link:")
END = noted("This link works until")
CAUTION = noted("Do not forward this letter: who has the link can read the referral and answer for your agency.")


def letter(address: str, expires_at: datetime) -> tuple[str, str]:
    """Subject and text of the letter that brings a one-time link."""
    catalogues = [Catalogue.load(language) for language in LANGUAGES]
    parts = []
    for one in catalogues:
        say, ends = one.gettext, moment(expires_at.isoformat(), one.language)
        parts.append(f"{say(TEXT)}\n{address}\n{say(END)}: {ends}\n{say(CAUTION)}")
    subject = " / ".join(one.gettext(SUBJECT) for one in catalogues)
    return f"Qorgan: {subject}", "\n\n".join(parts) + "\n"
