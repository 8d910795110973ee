"""The way back: who holds the receipt reads, adds and answers, without a name; a lost receipt is lost (REP-03)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.errors import NoSuchQuestionError
from services.reports.domain.receipt import read, written
from services.reports.domain.values import Channel, Source
from services.reports.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    a_person,
    a_reporter,
    an_accused,
)
from services.reports.tests.world import DESCRIPTION, OTHER_SCHOOL, SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id
from shared.ledger.application import CommandIdTakenError

pytestmark = pytest.mark.requirement("REP-03")
SAID: dict[str, Any] = {"source": Source.CHILD_VICTIM, "channel": Channel.WEB, "description": DESCRIPTION}


def reported(school: World, by: Actor | None = None, **said: Any) -> tuple[UUID, str]:
    """A report, and its receipt as it is read."""
    body = school.do(commands.ReceiveReport, by or a_reporter(), **(SAID | said)).body
    return UUID(body["report"]), read(body["receipt"]) or ""


def shown(school: World, receipt: str, by: Actor | None = None, tenant: UUID = SCHOOL) -> dict[str, Any]:
    """What whoever holds the receipt is told, each time under another token."""
    return queries.report_by_receipt(school.application, tenant, by or a_reporter(), receipt=receipt)


class TestWhoHoldsTheReceipt:
    def test_reads_how_far_the_report_is_and_what_was_answered(self, school: World) -> None:
        report, receipt = reported(school)
        school.do(commands.WriteToReporter, DEPUTY, report=report, text="Рақмет, бүгін сөйлесеміз")
        told = shown(school, receipt)
        assert (told["state"], told["received_at"]) == ("received", school.clock.now())
        [message] = told["messages"]
        assert (message["from"], message["text"], message["asks"]) == ("school", "Рақмет, бүгін сөйлесеміз", False)
        assert DEPUTY.id not in str(told)

    def test_adds_facts_and_answers_questions(self, school: World) -> None:
        report, receipt = reported(school)
        school.do(commands.WriteToReporter, DEPUTY, report=report, text="Қай сынып?", asks=True)
        school.do(commands.AddFacts, a_reporter(), receipt=receipt, text="7 «Ә»", answers=1)
        school.do(commands.AddFacts, a_reporter(), receipt=receipt, text="Тағы: кеше де болды")
        full = queries.show_report(school.application, SCHOOL, DEPUTY, report=report)["messages"]
        assert [(one["from"], one["text"], one["number"], one["answers"]) for one in full] == [
            ("school", "Қай сынып?", 1, None),
            ("reporter", "7 «Ә»", None, 1),
            ("reporter", "Тағы: кеше де болды", None, None),
        ]
        assert [one["by"] for one in full] == [DEPUTY.id, *[school.report(report).reporter] * 2]

    def test_answers_only_what_was_asked(self, school: World) -> None:
        report, receipt = reported(school)
        school.do(commands.WriteToReporter, DEPUTY, report=report, text="Рақмет")
        for number in (0, 1, 2):
            with pytest.raises(NoSuchQuestionError):
                school.do(commands.AddFacts, a_reporter(), receipt=receipt, text="Иә", answers=number)

    def test_says_more_also_when_the_report_has_ended(self, school: World) -> None:
        report, receipt = reported(school)
        school.triage(report)
        school.do(commands.LeaveReportOutOfScope, DEPUTY, report=report, reasons="Басқа ұйымның ісі")
        school.do(commands.AddFacts, a_reporter(), receipt=receipt, text="Қайта басталды")
        assert shown(school, receipt)["state"] == "out_of_scope"
        assert [one["text"] for one in shown(school, receipt)["messages"]] == ["Қайта басталды"]

    def test_shows_in_the_list_that_there_is_more(self, school: World) -> None:
        _, receipt = reported(school)
        [row] = queries.list_reports(school.application, SCHOOL, DEPUTY)
        assert row["facts_added_at"] is None
        school.do(commands.AddFacts, a_reporter(), receipt=receipt, text="Тағы")
        [row] = queries.list_reports(school.application, SCHOOL, DEPUTY)
        assert row["facts_added_at"] == school.clock.now()

    def test_may_ask_again_with_the_commands_id_though_every_token_is_another(self, school: World) -> None:
        report, receipt = reported(school)
        asked: dict[str, Any] = {"receipt": receipt, "text": "Тағы", "command_id": new_id()}
        first = school.do(commands.AddFacts, a_reporter(), **asked)
        assert school.do(commands.AddFacts, a_reporter(), **asked).body == first.body
        assert school.report(report).version == 2

    def test_stands_in_log_and_access_log_as_the_reports_pseudonym(self, school: World) -> None:
        """Whichever token was used, a member of staff's as well."""
        teacher = a_person(new_id(), "class_teacher")
        report, receipt = reported(school, teacher)
        pseudonym = school.report(report).reporter
        for by in (a_reporter(), teacher):
            shown(school, receipt, by)
            assert school.accesses()[-1][:2] == ("access.read", pseudonym)
            assert school.accesses()[-1][2]["ids"] == [str(report)]
            school.do(commands.AddFacts, by, receipt=receipt, text="Тағы")
        events = [event for _, event in school.application.for_tenant(SCHOOL).events(report)]
        assert {event.actor for event in events} == {pseudonym}


class TestAReceipt:
    def test_is_told_once(self, school: World) -> None:
        by, command_id = a_reporter(), new_id()
        first = school.do(commands.ReceiveReport, by, command_id=command_id, **SAID).body
        again = school.do(commands.ReceiveReport, by, command_id=command_id, **SAID).body
        assert again == {name: value for name, value in first.items() if name != "receipt"}

    def test_is_given_for_every_report_another_one(self, school: World) -> None:
        teacher = a_person(new_id(), "class_teacher")
        receipts = {reported(school, by)[1] for by in (a_reporter(), a_reporter(), teacher)}
        assert len(receipts) == 3
        assert "" not in receipts

    def test_stands_nowhere_in_what_is_kept(self, school: World) -> None:
        """Neither in an event nor in the answer that is kept for asking again, sealed or opened."""
        report, receipt = reported(school)
        ledger = school.application.for_tenant(SCHOOL)
        kept = [event for _, event in ledger.events(report)]
        kept += [event for _, event in ledger.events(school.application.stream_of(SCHOOL, receipt))]
        assert len(kept) == 2
        assert receipt not in str([vars(event) for event in kept]).replace("-", "").upper()
        files = [*school.folder.rglob("*")]
        assert any(file.suffix == ".sqlite" for file in files)
        for file in files:
            raw = file.read_bytes().upper() if file.is_file() else b""
            assert receipt.encode() not in raw
            assert written_in_groups(receipt).encode() not in raw

    @pytest.mark.requirement("CON-08")
    def test_leads_nowhere_in_another_school(self, school: World) -> None:
        _, receipt = reported(school)
        with pytest.raises(UnknownError):
            shown(school, receipt, tenant=OTHER_SCHOOL)

    def test_that_nobody_was_given_leads_nowhere(self, school: World) -> None:
        unknown = read(written(7)) or ""
        with pytest.raises(UnknownError) as refused:
            shown(school, unknown)
        assert refused.value.facts == {"what": "report"}
        assert school.accesses()[-1][2]["rule"] == "reports.unknown_receipt"
        with pytest.raises(UnknownError):
            school.do(commands.AddFacts, a_reporter(), receipt=unknown, text="Тағы")

    @pytest.mark.requirement("REP-02")
    def test_in_the_hands_of_who_is_complained_of_leads_nowhere(self, school: World) -> None:
        report, receipt = reported(school, accused=(an_accused(person=HEAD_ID),))
        with pytest.raises(UnknownError) as refused:
            shown(school, receipt, HEAD)
        assert refused.value.facts == {"what": "report"}
        assert school.accesses()[-1][2]["rule"] == "reports.walled_off"
        with pytest.raises(UnknownError):
            school.do(commands.AddFacts, HEAD, receipt=receipt, text="Мен емес")
        assert school.report(report).version == 1

    def test_goes_with_the_report_when_that_is_erased(self, school: World) -> None:
        report, receipt = reported(school)
        ledger = school.application.for_tenant(SCHOOL)
        assert school.application.stream_of(SCHOOL, receipt) in school.application.belonging_to(ledger, report)


def written_in_groups(code: str) -> str:
    """As it was shown."""
    return "-".join(code[begin : begin + 4] for begin in range(0, len(code), 4))


class TestWritingToTheReporter:
    def test_is_for_who_works_on_the_report(self, school: World) -> None:
        report, _ = reported(school)
        for by in (PSYCHOLOGIST, AUDITOR, a_reporter()):
            with pytest.raises(NotPermittedError):
                school.do(commands.WriteToReporter, by, report=report, text="Сәлем")
        school.triage(report)
        school.do(commands.WriteToReporter, PSYCHOLOGIST, report=report, text="Сәлем")

    def test_is_the_teams_once_there_is_one(self, school: World) -> None:
        report, _ = reported(school)
        case, policy = new_id(), Actor(id="policy:when_team_member_joined_join_case_team")
        member = a_person(new_id(), "social_pedagogue")
        school.triage(report)
        school.verify(report)
        school.confirm(report)
        school.do(commands.LinkCase, policy, report=report, case=case)
        school.do(commands.JoinCaseTeam, policy, case=case, person=member.person, role="social_pedagogue")
        school.do(commands.WriteToReporter, member, report=report, text="Қалың қалай?")
        with pytest.raises(NotPermittedError):
            school.do(commands.WriteToReporter, HEAD, report=report, text="Қалың қалай?")


class TestAReportSentOnceMore:
    """By somebody anonymous, who has another token, and so another pseudonym, each time."""

    SECRET = "ғазиз-қыркүйек-өзен-һәм-үміт-№7-әңгіме"

    def test_gets_the_first_answer_and_is_no_second_report(self, school: World) -> None:
        once = new_id()
        first = school.do(commands.ReceiveReport, a_reporter(), command_id=once, **SAID).body
        again = school.do(commands.ReceiveReport, a_reporter(), command_id=once, **SAID)
        assert (again.repeated, again.body) == (True, {"report": first["report"], "state": "received"})
        assert len(queries.list_reports(school.application, SCHOOL, DEPUTY)) == 1

    def test_is_told_its_receipt_again_by_its_secret(self, school: World) -> None:
        once, said = new_id(), SAID | {"retry_secret": self.SECRET}
        first = school.do(commands.ReceiveReport, a_reporter(), command_id=once, **said).body
        again = school.do(commands.ReceiveReport, a_reporter(), command_id=once, **said)
        assert again.repeated
        assert again.body == first
        assert shown(school, read(again.body["receipt"]) or "")["state"] == "received"

    @pytest.mark.parametrize(
        "other",
        [{"description": "Басқа сөз"}, {"immediate_danger": True}, {"retry_secret": "ө" * 32}, {"retry_secret": ""}],
    )
    def test_with_other_words_or_another_secret_is_refused_and_told_nothing(
        self, school: World, other: dict[str, Any]
    ) -> None:
        once, said = new_id(), SAID | {"retry_secret": self.SECRET}
        school.do(commands.ReceiveReport, a_reporter(), command_id=once, **said)
        with pytest.raises(CommandIdTakenError):
            school.do(commands.ReceiveReport, a_reporter(), command_id=once, **(said | other))

    def test_by_staff_stays_their_own(self, school: World) -> None:
        once = new_id()
        school.do(commands.ReceiveReport, PSYCHOLOGIST, command_id=once, **SAID)
        assert school.do(commands.ReceiveReport, PSYCHOLOGIST, command_id=once, **SAID).repeated
        with pytest.raises(CommandIdTakenError):
            school.do(commands.ReceiveReport, DEPUTY, command_id=once, **SAID)

    def test_has_another_receipt_in_another_school_and_under_another_id(self, school: World) -> None:
        once, said = new_id(), SAID | {"retry_secret": self.SECRET}
        told = {
            school.do(commands.ReceiveReport, a_reporter(), tenant=tenant, command_id=key, **said).body["receipt"]
            for tenant, key in ((SCHOOL, once), (OTHER_SCHOOL, once), (SCHOOL, new_id()))
        }
        assert len(told) == 3

    def test_leaves_its_secret_nowhere(self, school: World) -> None:
        said = SAID | {"retry_secret": self.SECRET}
        body = school.do(commands.ReceiveReport, a_reporter(), **said).body
        told = queries.report_timeline(school.application, SCHOOL, DEPUTY, report=UUID(body["report"]))
        assert self.SECRET not in str(told)
        assert self.SECRET not in str(school.accesses())
