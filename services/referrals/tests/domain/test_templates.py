"""Templates of all agencies: dated, cited, and no field that an agency of the kind has no use for."""

from __future__ import annotations

from datetime import date

import pytest

from services.referrals.bootstrap import REGULATIONS, templates
from services.referrals.domain.templates import LONGEST_TEXT, Template, TemplateBook
from services.referrals.domain.values import AgencyKind, Clock, Urgency
from services.referrals.tests.builders import MONDAY
from shared.domain import InvalidInputError
from shared.regulation import RuleBook

ENTRY = {"field": "child_name", "label": "referral_field_child_name", "type": "text", "required": True}


class TestTheTemplates:
    @pytest.mark.parametrize("kind", AgencyKind)
    def test_exist_for_every_kind_of_agency_with_the_child_and_a_contact(self, kind: AgencyKind) -> None:
        """An agency must know whom it is about and whom to ask."""
        fields = templates().in_force(kind, MONDAY.date()).fields
        assert fields["child_name"].required
        assert fields["school_contact"].required

    @pytest.mark.requirement("REF-03")
    def test_tell_the_alleged_offender_to_the_police_alone(self) -> None:
        """Minimal disclosure: nobody else needs to know who it is said to be (CON-07)."""
        told = {kind for kind in AgencyKind if "alleged_offender" in templates().in_force(kind, MONDAY.date()).fields}
        assert told == {AgencyKind.POLICE}

    def test_hold_from_their_day_on(self) -> None:
        """The day before the first there is none."""
        assert templates().in_force(AgencyKind.NGO, date(2026, 1, 1)).rule == "referrals.template.ngo@2026-01-01"
        with pytest.raises(LookupError):
            templates().in_force(AgencyKind.NGO, date(2025, 12, 31))

    def test_of_a_later_version_leave_the_earlier_where_it_held(self) -> None:
        """History does not change when the template does."""
        later = {**ENTRY, "field": "birth_date", "type": "date"}
        versions = [{"since": date(2026, 9, 1), "fields": [later]}, {"since": date(2026, 1, 1), "fields": [ENTRY]}]
        book = TemplateBook.from_data({f"referrals.template.{kind}": {"values": versions} for kind in AgencyKind})
        assert set(book.in_force(AgencyKind.POLICE, date(2026, 8, 31)).fields) == {"child_name"}
        assert set(book.in_force(AgencyKind.POLICE, date(2026, 9, 1)).fields) == {"birth_date"}

    @pytest.mark.parametrize(
        ("type", "value", "fault"),
        [
            ("text", "Әсем", None),
            ("text", 7, "not_text"),
            ("text", "ә" * LONGEST_TEXT, None),
            ("text", "ә" * (LONGEST_TEXT + 1), "too_long"),
            ("date", "2014-03-08", None),
            ("date", "20140308", "not_a_date"),
            ("date", "2014-02-30", "not_a_date"),
            ("yes_no", False, None),
            ("yes_no", 0, "not_yes_or_no"),
            ("codes", ["kk"], None),
            ("codes", ["kk", "тр"], "unknown_choice"),
            ("codes", "kk", "not_a_list"),
            ("codes", [], "required"),
        ],
    )
    def test_take_values_of_their_type(self, type: str, value: object, fault: str | None) -> None:
        """Both sides of each border."""
        template = Template.from_rule("x@2026-01-01", [{**ENTRY, "type": type, "choices": ["kk", "ru"]}])
        if fault is None:
            template.takes({"child_name": value})
            return
        with pytest.raises(InvalidInputError) as refused:
            template.takes({"child_name": value})
        assert refused.value.facts["faults"] == {"facts.child_name": [fault]}


class TestTheRegulations:
    def test_have_a_rule_for_each_clock_and_urgency_and_each_list(self) -> None:
        """Whatever a handler asks for is there."""
        book = RuleBook.load(REGULATIONS)
        for urgency in Urgency:
            for clock in Clock:
                assert book.deadline(f"referrals.{clock}_{urgency}", MONDAY).due_at > MONDAY
        for name in ("outcomes", "decline_reasons", "fail_reasons", "hold_reasons", "cancel_reasons"):
            assert "other" in book.at(f"referrals.{name}", MONDAY).value
