"""A report that is sent once more by somebody who stays anonymous: the same gets the first answer (REP-03).

Each token of theirs is another pseudonym, so a repeated command is known by what was sent and not by who sends it:
a keyed hash of its id, its words and the sender's own secret. The same id with other words is refused, as a stranger's
is: nothing that was said is taken for something else. Where a secret came with it, the receipt is made from that, and
told again; the secret is kept nowhere, so that the receipt stays what nobody can recover (docs/decisions/0011).
"""

from __future__ import annotations

import hmac
import json
import secrets
from contextlib import suppress
from dataclasses import asdict, replace
from hashlib import sha256
from uuid import UUID

from services.reports import commands
from services.reports.application.conversing import ConversingHandlers
from services.reports.domain import receipt
from shared.domain import Command
from shared.ledger.append import InboxMark
from shared.ledger.application import Answer
from shared.sealing.keys import TenantDestroyedError

OF_THE_CALL = frozenset({"tenant", "by", "cause", "expected_version"})


class Repeating(ConversingHandlers):
    """Knows a report again by what was sent."""

    def execute(self, command: Command, *, inbox: InboxMark | None = None, correlation: UUID | None = None) -> Answer:
        """As every application does; a report that is repeated with its secret is told its receipt again."""
        answer = super().execute(command, inbox=inbox, correlation=correlation)
        if answer.repeated and isinstance(command, commands.ReceiveReport) and command.retry_secret:
            return replace(answer, body=answer.body | {"receipt": self.receipt_for(command)})
        return answer

    def asked_by(self, command: Command) -> str:
        """Whoever sent it; of somebody anonymous, what they sent."""
        is_anonymous = command.by.person is None and not getattr(command, "receipt", "")
        if isinstance(command, commands.ReceiveReport | commands.ReportBreach) and is_anonymous:
            with suppress(TenantDestroyedError):  # then nothing is done, and it is said where that is noticed
                return f"reporter:{self._keyed(command, 'repeated report').hex()}"
        return super().asked_by(command)

    def receipt_for(self, command: commands.ReceiveReport) -> str:
        """The receipt of a report that is taken in: random, or made from the sender's secret."""
        if not command.retry_secret:
            return receipt.written(secrets.randbits(receipt.BITS))
        made = int.from_bytes(self._keyed(command, "receipt of a secret")) & (1 << receipt.BITS) - 1
        return receipt.written(made)

    def _keyed(self, command: commands.ReceiveReport | commands.ReportBreach, field: str) -> bytes:
        """The keyed hash of what was sent; its key stands outside the database."""
        sent = {name: value for name, value in asdict(command).items() if name not in OF_THE_CALL}
        key = self.parts.tenant_keys.blind_key(command.tenant, field)
        return hmac.new(key, json.dumps(sent, sort_keys=True, default=str).encode(), sha256).digest()
