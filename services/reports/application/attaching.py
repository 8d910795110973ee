"""Handlers of files: sent in pieces, sealed as they come, looked at when they are whole (docs/decisions/0011)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import TypeVar

from services.reports import commands
from services.reports.application.conversing import ConversingHandlers
from services.reports.application.seeing import state_of
from services.reports.domain import errors
from services.reports.domain.access import Act
from services.reports.domain.report import Report
from services.reports.domain.values import KeptFile
from shared.domain import Actor, DomainError
from shared.files.checking import CheckedFile, checked
from shared.files.refusing import RefusedFileError
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.blobs import PIECE_SIZE
from shared.ledger.handling import handles
from shared.ledger.recorder import microseconds

T = TypeVar("T")

MEBIBYTE = 1024 * 1024
MOST_PIXELS = 60_000_000
MOST_UNPACKED = 128 * MEBIBYTE
UNFINISHED_FOR = timedelta(days=1)
MISSING_TOLD = 50
REFUSALS: Mapping[str, type[DomainError]] = {
    "damaged": errors.AttachmentDamagedError,
    "active": errors.AttachmentIsActiveError,
    "encrypted": errors.AttachmentIsEncryptedError,
    "bomb": errors.AttachmentUnpacksTooLargeError,
}


class AttachingHandlers(ConversingHandlers):
    """A file that is refused is forgotten; the report, and every other file, stands."""

    @handles(commands.PutAttachmentPiece)
    def put_attachment_piece(self, command: commands.PutAttachmentPiece, ledger: TenantLedger) -> Answer:
        """Takes in a piece; the same number again takes its place."""
        report, _ = self._attachable(ledger, command)
        most, coming = _most(ledger), ledger.blobs.coming_in(report.id)
        others = len(set(coming) - {command.attachment})
        report.may_attach(
            command.attachment, others=others, most=ledger.book.at("reports.attachments_per_report", ledger.now()).value
        )
        if command.number * PIECE_SIZE + len(command.content) > most:
            ledger.blobs.let_go(report.id, command.attachment)
            raise errors.AttachmentTooLargeError(most=most)
        ledger.blobs.let_go_of_older(than=microseconds(ledger.now() - UNFINISHED_FOR))
        ledger.blobs.take_in(
            report.id, command.attachment, command.number, command.content, at=microseconds(ledger.now())
        )
        came_in = ledger.blobs.came_in(report.id, command.attachment)
        return ledger.save(answer={"attachment": command.attachment, "came_in": came_in})

    @handles(commands.AddAttachment)
    def add_attachment(self, command: commands.AddAttachment, ledger: TenantLedger) -> Answer:
        """Looks at a whole file, and keeps it or forgets it."""
        report, by = self._attachable(ledger, command)
        most = ledger.book.at("reports.attachments_per_report", ledger.now()).value
        report.may_attach(command.attachment, others=0, most=most)
        content = self._whole(ledger, report, command)
        try:
            found = self._looked_at(ledger, command, content)
        except DomainError:
            ledger.blobs.let_go(report.id, command.attachment)
            raise
        hashed = sha256(found.content).hexdigest()
        blob = derived_id(command.attachment, hashed)
        pieces = ledger.blobs.keep(report.id, blob, found.content)
        kept = KeptFile(
            attachment=command.attachment,
            blob=blob,
            name=command.name,
            type=found.type,
            size=len(found.content),
            sha256=hashed,
            received_sha256=command.sha256,
            pieces=[sha256(piece).hexdigest() for piece in pieces],
            is_stripped=found.is_stripped,
            rule=ledger.book.at("reports.attachment_size", ledger.now()).version,
        )
        report.add_attachment(file=kept, most=most, by=by, at=ledger.now())
        told = {"attachment": kept.attachment, "type": kept.type, "size": kept.size, "sha256": kept.sha256}
        stands = {"state": report.state.value} if command.receipt else state_of(report)
        answer = ledger.save(report, answer=stands | told)
        ledger.blobs.let_go(report.id, command.attachment)
        return answer

    def _attachable(
        self, ledger: TenantLedger, command: commands.PutAttachmentPiece | commands.AddAttachment
    ) -> tuple[Report, Actor]:
        """The report, and under whom it stands there: of whoever reported, the pseudonym (REP-04)."""
        if command.report is None:
            report = self.report_of_receipt(ledger, command.receipt, command.by)
            return report, Actor(id=report.reporter)
        report = self._report(ledger, command.report, Act.ATTACH, command.by, command.expected_version)
        entered_it = self._entered_by(ledger, report.id) == command.by.person
        return report, Actor(id=report.reporter) if entered_it else command.by

    @staticmethod
    def _whole(ledger: TenantLedger, report: Report, command: commands.AddAttachment) -> bytes:
        came_in = set(ledger.blobs.came_in(report.id, command.attachment))
        missing = sorted(set(range(command.pieces)) - came_in)
        if missing:
            raise errors.AttachmentIncompleteError(missing=missing[:MISSING_TOLD])
        return ledger.blobs.whole(report.id, command.attachment)

    @staticmethod
    def _looked_at(ledger: TenantLedger, command: commands.AddAttachment, content: bytes) -> CheckedFile:
        if sha256(content).hexdigest() != command.sha256:
            raise errors.AttachmentAlteredError
        if len(content) > _most(ledger):
            raise errors.AttachmentTooLargeError(most=_most(ledger))
        allowed: Sequence[str] = ledger.book.at("reports.attachment_types", ledger.now()).value
        try:
            return _beside_the_hub(
                lambda: checked(content, allowed=allowed, most_pixels=MOST_PIXELS, most_unpacked=MOST_UNPACKED)
            )
        except RefusedFileError as refused:
            if refused.reason in REFUSALS:
                raise REFUSALS[refused.reason] from None
            raise errors.AttachmentTypeNotAllowedError(allowed=list(allowed)) from None


def _most(ledger: TenantLedger) -> int:
    """How large a file may be, in bytes."""
    return int(ledger.book.at("reports.attachment_size", ledger.now()).value) * MEBIBYTE


def _beside_the_hub(work: Callable[[], T]) -> T:
    """Does slow work in a real thread where eventlet runs this process: else it stops every other call."""
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is None or not patcher.is_monkey_patched("thread"):
        return work()
    from eventlet import tpool

    done: T = tpool.execute(work)
    return done
