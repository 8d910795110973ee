"""Files of a report: sent in pieces, looked at, kept sealed, seen by who may see it; a refused one loses nothing."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from services.reports import commands, queries
from services.reports.domain import errors
from services.reports.domain.receipt import read
from services.reports.domain.report import Report
from services.reports.domain.values import Channel, Source
from services.reports.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    SAFEGUARDING_LEAD,
    a_kept_file,
    a_person,
    a_report,
    a_reporter,
    an_accused,
)
from services.reports.tests.world import DESCRIPTION, SCHOOL, World
from shared.domain import Actor, DomainError, NotPermittedError, UnknownError
from shared.files.tests.samples import CAMERA, PDF, a_document, a_picture, a_recording
from shared.ids import new_id
from shared.ledger.blobs import PIECE_SIZE
from shared.ledger.erasing import ApproveErasure, RequestErasure
from shared.ledger.tables import blobs, events, uploads
from shared.ledger.verifying_events import OpenedEventCheck
from shared.sealing.seal import UnsealError

pytestmark = pytest.mark.requirement("REP-03")
SAID: dict[str, Any] = {"source": Source.CHILD_VICTIM, "channel": Channel.WEB, "description": DESCRIPTION}


def reported(school: World, by: Actor | None = None, **said: Any) -> tuple[UUID, str]:
    """A report, and its receipt as it is read."""
    body = school.do(commands.ReceiveReport, by or a_reporter(), **(SAID | said)).body
    return UUID(body["report"]), read(body["receipt"]) or ""


def send(school: World, by: Actor, content: bytes, attachment: UUID | None = None, **where: Any) -> UUID:
    """All pieces of a file, the last one first."""
    attachment = attachment or new_id()
    for number in reversed(range(0, len(content), PIECE_SIZE)):
        piece = content[number : number + PIECE_SIZE]
        school.do(
            commands.PutAttachmentPiece,
            by,
            attachment=attachment,
            number=number // PIECE_SIZE,
            content=piece,
            **where,
        )
    return attachment


def attach(
    school: World, by: Actor, content: bytes, name: str = "Сурет – үзілісте.jpg", **where: Any
) -> dict[str, Any]:
    """A file, sent and added."""
    attachment = send(school, by, content, **where)
    asked: dict[str, Any] = {"attachment": attachment, "pieces": -(-len(content) // PIECE_SIZE), "name": name}
    return school.do(commands.AddAttachment, by, sha256=sha256(content).hexdigest(), **asked, **where).body


def shown(school: World, report: UUID, attachment: str, by: Actor = DEPUTY, number: int = 0) -> dict[str, Any]:
    """One piece."""
    return queries.show_attachment(
        school.application, SCHOOL, by, report=report, attachment=UUID(attachment), number=number
    )


class TestAFileOfAReport:
    def test_comes_by_receipt_and_is_read_by_who_may_see_the_report(self, school: World) -> None:
        report, receipt = reported(school)
        told = attach(school, a_reporter(), a_picture(), receipt=receipt)
        assert (told["state"], told["type"]) == ("received", "image/jpeg")
        found = shown(school, report, told["attachment"])
        content = base64.b64decode(found["content"])
        assert (sha256(content).hexdigest(), len(content)) == (told["sha256"], told["size"])
        assert (found["received_sha256"], found["is_stripped"]) == (sha256(a_picture()).hexdigest(), True)
        assert found["by"] == school.report(report).reporter

    def test_has_lost_where_it_was_taken(self, school: World) -> None:
        report, receipt = reported(school)
        told = attach(school, a_reporter(), a_picture(), receipt=receipt)
        content = base64.b64decode(shown(school, report, told["attachment"])["content"])
        assert CAMERA.encode() in a_picture()
        assert CAMERA.encode() not in content
        assert not Image.open(BytesIO(content)).getexif()

    def test_larger_than_a_piece_is_read_piece_by_piece(self, school: World) -> None:
        report, receipt = reported(school)
        recording = a_recording() + bytes(PIECE_SIZE)
        told = attach(school, a_reporter(), recording, "жазба.wav", receipt=receipt)
        pieces = [shown(school, report, told["attachment"], number=number) for number in (0, 1)]
        assert b"".join(base64.b64decode(one["content"]) for one in pieces) == recording
        assert pieces[0]["pieces"] == 2
        with pytest.raises(UnknownError):
            shown(school, report, told["attachment"], number=2)

    def test_that_was_broken_off_goes_on_with_what_is_missing(self, school: World) -> None:
        report, receipt = reported(school)
        content, attachment = a_recording() + bytes(2 * PIECE_SIZE), new_id()
        sent: dict[str, Any] = {"attachment": attachment, "receipt": receipt}
        said = school.do(
            commands.PutAttachmentPiece, a_reporter(), number=1, content=content[PIECE_SIZE:][:PIECE_SIZE], **sent
        )
        assert said.body["came_in"] == [1]
        whole: dict[str, Any] = sent | {"pieces": 3, "sha256": sha256(content).hexdigest()}
        with pytest.raises(errors.AttachmentIncompleteError) as refused:
            school.do(commands.AddAttachment, a_reporter(), **whole)
        assert refused.value.facts == {"missing": [0, 2]}
        for number in (0, 2):
            piece = content[number * PIECE_SIZE :][:PIECE_SIZE]
            school.do(commands.PutAttachmentPiece, a_reporter(), number=number, content=piece, **sent)
        assert school.do(commands.AddAttachment, a_reporter(), **whole).body["type"] == "audio/wav"
        assert len(school.report(report).attachments) == 1

    def test_added_again_by_the_same_command_gets_the_first_answer(self, school: World) -> None:
        _, receipt = reported(school)
        attachment, once = send(school, a_reporter(), PDF, receipt=receipt), new_id()
        asked: dict[str, Any] = {
            "attachment": attachment,
            "pieces": 1,
            "sha256": sha256(PDF).hexdigest(),
            "receipt": receipt,
        }
        first = school.do(commands.AddAttachment, a_reporter(), command_id=once, **asked)
        again = school.do(commands.AddAttachment, a_reporter(), command_id=once, **asked)
        assert (again.repeated, again.body) == (True, first.body)
        with pytest.raises(errors.AttachmentAlreadyAddedError):
            school.do(commands.AddAttachment, a_reporter(), **asked)

    def test_is_told_to_the_reporter_and_to_the_staff(self, school: World) -> None:
        report, receipt = reported(school)
        attach(school, a_reporter(), a_picture(), receipt=receipt)
        attach(school, DEPUTY, PDF, "акт.pdf", report=report)
        own = queries.report_by_receipt(school.application, SCHOOL, a_reporter(), receipt=receipt)["attachments"]
        all_ = queries.show_report(school.application, SCHOOL, DEPUTY, report=report)["attachments"]
        assert [one["name"] for one in own] == ["Сурет – үзілісте.jpg"]
        assert [one["name"] for one in all_] == ["Сурет – үзілісте.jpg", "акт.pdf"]
        assert DEPUTY.id not in str(own)
        [row] = queries.list_reports(school.application, SCHOOL, DEPUTY)
        assert row["facts_added_at"] == school.clock.now()

    def test_comes_also_when_the_report_has_ended(self, school: World) -> None:
        report, receipt = reported(school)
        school.triage(report)
        school.do(commands.LeaveReportOutOfScope, DEPUTY, report=report, reasons="Басқа ұйымның ісі")
        assert attach(school, a_reporter(), PDF, receipt=receipt)["state"] == "out_of_scope"

    def test_lies_in_the_database_sealed(self, school: World) -> None:
        _, receipt = reported(school)
        word = "құпия-сөз-қоңырау".encode()
        attach(school, a_reporter(), PDF.replace(b"trailer", b"%" + word + b"\ntrailer"), receipt=receipt)
        send(school, a_reporter(), word * 10, receipt=receipt)
        school.service.database.dispose()
        for file in school.folder.rglob("*"):
            assert not file.is_file() or word not in file.read_bytes()

    def test_that_was_changed_where_it_lies_is_not_given_out(self, school: World) -> None:
        report, receipt = reported(school)
        told = attach(school, a_reporter(), PDF, receipt=receipt)
        with school.service.database.tenant(SCHOOL) as connection:
            connection.execute(blobs.update().where(blobs.c.tenant == SCHOOL).values(sealed=b"\0" * 100))
        with pytest.raises(UnsealError):
            shown(school, report, told["attachment"])


class TestVerification:
    @pytest.mark.parametrize(
        ("attack", "code"),
        [
            ("DELETE FROM blobs", "file_missing"),
            ("DELETE FROM blobs WHERE number = 1", "file_missing"),
            ("UPDATE blobs SET sealed = x'00'", "file_altered"),
            ("UPDATE blobs SET number = number + 7", "file_missing"),
        ],
    )
    def test_names_the_event_whose_file_is_not_what_it_was(self, school: World, attack: str, code: str) -> None:
        _, receipt = reported(school)
        attach(school, a_reporter(), a_recording() + bytes(PIECE_SIZE), receipt=receipt)
        check = OpenedEventCheck(school.application, SCHOOL, "reports")
        with school.service.database.tenant(SCHOOL) as connection:
            rows = connection.execute(select(events).where(events.c.tenant == SCHOOL)).all()
        assert [check(row)[0] for row in rows if check(row)[0]] == []
        with closing(sqlite3.connect(school.folder / "reports.sqlite")) as attacker, attacker:
            attacker.execute(attack)
        named = {row.topic: check(row)[0] for row in rows if check(row)[0]}
        assert named == {"reports.attachment_added": [code]}


class TestARefusedFile:
    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            (b"MZ" + bytes(200), errors.AttachmentTypeNotAllowedError),
            (a_picture(size=(300, 300))[:900], errors.AttachmentDamagedError),
            (a_document({"word/vbaProject.bin": b"m"}), errors.AttachmentIsActiveError),
            (PDF.replace(b"/Root", b"/Encrypt 5 0 R/Root"), errors.AttachmentIsEncryptedError),
            (a_document({"word/a.xml": bytes(1024 * 1024 + 1)}), errors.AttachmentUnpacksTooLargeError),
        ],
    )
    def test_loses_nothing_else(
        self, school: World, monkeypatch: pytest.MonkeyPatch, content: bytes, refusal: type[DomainError]
    ) -> None:
        """The report stands, so does the file that came before; of the refused one nothing is left."""
        monkeypatch.setattr("services.reports.application.attaching.MOST_UNPACKED", 1024 * 1024)
        report, receipt = reported(school)
        attach(school, a_reporter(), PDF, receipt=receipt)
        before = school.report(report).version
        with pytest.raises(refusal):
            attach(school, a_reporter(), content, receipt=receipt)
        assert (school.report(report).version, len(school.report(report).attachments)) == (before, 1)
        with school.service.database.tenant(SCHOOL) as connection:
            assert connection.execute(uploads.select().where(uploads.c.tenant == SCHOOL)).all() == []

    def test_is_too_large(self, school: World) -> None:
        """25 MiB are taken, a byte more is not."""
        _, receipt = reported(school)
        most = 25 * 1024 * 1024
        sent: dict[str, Any] = {"attachment": new_id(), "number": most // PIECE_SIZE - 1, "receipt": receipt}
        school.do(commands.PutAttachmentPiece, a_reporter(), content=bytes(PIECE_SIZE), **sent)
        with pytest.raises(errors.AttachmentTooLargeError):
            school.do(
                commands.PutAttachmentPiece, a_reporter(), content=b"1", **(sent | {"number": most // PIECE_SIZE})
            )

    def test_is_one_too_many(self, school: World) -> None:
        """Those on their way in count as well."""
        _, receipt = reported(school)
        for _ in range(19):
            send(school, a_reporter(), b"1", receipt=receipt)
        attach(school, a_reporter(), PDF, receipt=receipt)
        with pytest.raises(errors.TooManyAttachmentsError):
            send(school, a_reporter(), b"1", receipt=receipt)
        with pytest.raises(errors.TooManyAttachmentsError):
            a_report().report.add_attachment(file=a_kept_file(), most=0, by=a_reporter(), at=school.clock.now())

    def test_is_not_what_was_sent(self, school: World) -> None:
        _, receipt = reported(school)
        attachment = send(school, a_reporter(), PDF, receipt=receipt)
        with pytest.raises(errors.AttachmentAlteredError):
            school.do(
                commands.AddAttachment, a_reporter(), attachment=attachment, pieces=1, sha256="0" * 64, receipt=receipt
            )

    def test_that_nobody_finished_is_forgotten_after_a_day(self, school: World) -> None:
        report, receipt = reported(school)
        send(school, a_reporter(), b"1", receipt=receipt)
        school.later(hours=25)
        other = send(school, a_reporter(), b"2", receipt=receipt)
        assert set(school.application.for_tenant(SCHOOL).blobs.coming_in(report)) == {other}


class TestWhoMay:
    def test_add_to_a_report(self, school: World) -> None:
        """Who works on it, and the employee who entered it, under its pseudonym (REP-04)."""
        teacher = a_person(new_id(), "class_teacher")
        report, _ = reported(school, teacher)
        attach(school, DEPUTY, PDF, report=report)
        attach(school, teacher, a_picture(), report=report)
        added = [event for _, event in school.application.for_tenant(SCHOOL).events(report)][1:]
        assert [event.actor for event in added] == [DEPUTY.id, school.report(report).reporter]

    @pytest.mark.parametrize("by", [PSYCHOLOGIST, AUDITOR, a_reporter(), SAFEGUARDING_LEAD])
    def test_not_add_to_a_report(self, school: World, by: Actor) -> None:
        report, _ = reported(school)
        with pytest.raises(NotPermittedError):
            send(school, by, PDF, report=report)

    @pytest.mark.requirement("REP-02")
    def test_not_know_of_it_where_walled_off(self, school: World) -> None:
        """As an unknown report's: adding, and reading; also by a receipt in hand."""
        report, receipt = reported(school, accused=(an_accused(person=HEAD_ID),))
        told = attach(school, a_reporter(), PDF, receipt=receipt)
        refused = []
        for one in (report, new_id()):
            with pytest.raises(UnknownError) as adding:
                send(school, HEAD, PDF, report=one)
            with pytest.raises(UnknownError) as reading:
                shown(school, one, told["attachment"], by=HEAD)
            refused.append((adding.value.facts, reading.value.facts))
        assert refused[0] == refused[1]
        with pytest.raises(UnknownError):
            send(school, HEAD, PDF, receipt=receipt)

    def test_read_a_file_and_each_look_is_recorded(self, school: World) -> None:
        report, receipt = reported(school)
        told = attach(school, a_reporter(), PDF, receipt=receipt)
        for by in (DEPUTY, AUDITOR):
            shown(school, report, told["attachment"], by=by)
        with pytest.raises(NotPermittedError):
            shown(school, report, told["attachment"], by=PSYCHOLOGIST)
        looks = [(topic, actor) for topic, actor, facts in school.accesses() if told["attachment"] in str(facts)]
        assert looks == [("access.read", DEPUTY.id), ("access.read", AUDITOR.id)]
        assert school.accesses()[-1][:2] == ("access.denied", PSYCHOLOGIST.id)


class TestErasingAReport:
    def test_takes_its_files(self, school: World) -> None:
        report, receipt = reported(school)
        attach(school, a_reporter(), PDF, receipt=receipt)
        other, _ = reported(school)
        attach(school, DEPUTY, PDF, report=other)
        school.triage(report)
        school.do(commands.LeaveReportOutOfScope, DEPUTY, report=report, reasons="Басқа ұйымның ісі")
        asked = school.do(RequestErasure, HEAD, streams=[report], basis="Өтініш бойынша").body["erasure"]
        school.do(ApproveErasure, DEPUTY, erasure=UUID(asked))
        school.later(minutes=1)
        with school.service.database.tenant(SCHOOL) as connection:
            left = connection.scalars(blobs.select().where(blobs.c.tenant == SCHOOL).with_only_columns(blobs.c.stream))
            assert list(left) == [other]
        assert school.application.for_tenant(SCHOOL).find(Report, report) is None
