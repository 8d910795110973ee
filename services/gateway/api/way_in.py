"""Routes of a school's way in: whom children turn to, and what is said before anybody tells anything."""

from __future__ import annotations

from services.gateway.api.routes import command, question
from services.gateway.schemas import way_in as schemas

ROUTES = (
    question(
        "/way-in",
        "reports.way_in",
        "Whom to turn to, who will be told, where help is at once; no session is looked at",
        schemas.WayIn,
        nameless=True,
    ),
    command(
        "/way-in/contacts",
        "reports.publish_contacts",
        "Publish whom children turn to, for anybody to read",
        schemas.PublishContacts,
        answer=schemas.ContactsPublished,
    ),
)
