"""Sends one-time links to agencies' mailboxes by SMTP; a letter has the link and nothing of anybody (REF-04)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

SECONDS = 20.0
Letter = Callable[[str, datetime], tuple[str, str]]
"""Address of the page and end of its life in; subject and text out. Words for people are the gateway's."""


PORTS: Mapping[str, int] = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
"""How a server is spoken to, and where it listens if nothing else is said (RFC 5321, RFC 8314)."""


@dataclass(frozen=True)
class Post:
    """A mail server: `smtp://host`, `smtps://host:port`, `smtp+starttls://user:password@host`; `page` begins the links.

    Raises ValueError where the address is none of these, or has a password that would go in the open.
    """

    server: str = field(repr=False)
    sender: str
    page: str
    letter: Letter

    def __post_init__(self) -> None:
        parts = urlsplit(self.server)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(
                f"a mail server's address begins with one of {', '.join(PORTS)}, as smtps://mail.city.example"
            )
        if not (unquote(parts.username or "") + unquote(parts.password or "")).isascii():
            raise ValueError("smtps:// and smtp+starttls:// take a login of ASCII letters alone (smtplib)")
        if parts.username and parts.scheme == "smtp":
            raise ValueError("a password is not sent in the open: smtps:// or smtp+starttls:// instead of smtp://")

    def send(self, mailbox: str, link: str, expires_at: datetime) -> str:
        """How it ended: `taken`, or why not, as a code."""
        subject, text = self.letter(f"{self.page.rstrip('/')}/answer/{link}", expires_at)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, mailbox, subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="qorgan.invalid")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with self._connected() as server:
                self._introduce(server)
                server.send_message(message)
        except ssl.SSLCertVerificationError:
            return "no_trust"
        except smtplib.SMTPResponseException as error:
            return f"smtp_{error.smtp_code}"
        except smtplib.SMTPRecipientsRefused:
            return "smtp_refused"
        except (OSError, smtplib.SMTPException):
            return "not_reached"
        return "taken"

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.server)
        host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=SECONDS)

    def _introduce(self, server: smtplib.SMTP) -> None:
        parts = urlsplit(self.server)
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
