"""Sends one-time links to agencies' mailboxes by SMTP; a letter has the link and nothing of anybody (REF-04)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

SECONDS = 20.0
Letter = Callable[[str, datetime], tuple[str, str]]
"""Address of the page and end of its life in; subject and text out. Words for people are the gateway's."""


@dataclass(frozen=True)
class Post:
    """A mail server: `smtp://host:port`, `smtps://…`, `smtp+starttls://user:password@…`; `page` begins the links."""

    server: str
    sender: str
    page: str
    letter: Letter

    def send(self, mailbox: str, link: str, expires_at: datetime) -> str:
        """How it ended: `taken`, or why not, as a code."""
        subject, text = self.letter(f"{self.page.rstrip('/')}/answer/{link}", expires_at)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, mailbox, subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="qorgan.invalid")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with self._opened() as server:
                server.send_message(message)
        except smtplib.SMTPResponseException as error:
            return f"smtp_{error.smtp_code}"
        except smtplib.SMTPRecipientsRefused:
            return "smtp_refused"
        except (OSError, smtplib.SMTPException):
            return "not_reached"
        return "taken"

    def _opened(self) -> smtplib.SMTP:
        parts = urlsplit(self.server)
        host, port = str(parts.hostname), parts.port or 0
        trust = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=trust)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        if parts.scheme == "smtp+starttls":
            server.starttls(context=trust)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server
