"""Every clock by its regulation, as a lawyer reads it: rule, when it starts, when it is due, by Almaty's time."""

from __future__ import annotations

from datetime import datetime

import pytest

from shared.regulation import ALMATY, RuleBook
from tests.support.tree import ROOT

ROWS = """
reports.first_action                 Fri 2026-12-04 17:00   Mon 2026-12-07 17:00   over a weekend
reports.first_action                 Tue 2026-12-01 23:00   Wed 2026-12-02 18:00   at night
reports.first_action                 Tue 2026-12-01 13:30   Wed 2026-12-02 13:00   in the lunch hour
reports.first_action                 Tue 2026-12-15 17:00   Thu 2026-12-17 17:00   over Independence Day
reports.first_action_in_danger       Sat 2026-12-05 02:00   Sat 2026-12-05 02:15   by night as by day
reports.verification                 Thu 2026-12-03 16:00   Wed 2026-12-09 00:00   three working days, to their end
reports.sign_consideration           Mon 2026-12-07 09:00   Mon 2026-12-07 18:00   a whole working day
cases.risk_assessment                Mon 2026-12-14 10:00   Wed 2026-12-23 00:00   five working days, past a holiday
cases.risk_assessment_in_danger      Sat 2026-12-05 23:30   Sun 2026-12-06 00:00   the same day
cases.reassessment                   Tue 2026-12-15 10:00   Fri 2027-01-15 00:00   30 days, over the year's end
cases.reassessment_on_new_facts      Fri 2026-12-04 10:00   Tue 2026-12-08 00:00   to the end of Monday
cases.informing                      Fri 2026-12-04 17:00   Sat 2026-12-05 17:00   24 hours run through the weekend
cases.informing_in_danger            Thu 2026-12-31 23:50   Fri 2027-01-01 00:05   over the year's end
cases.plan_review                    Mon 2026-12-07 10:00   Tue 2026-12-22 00:00   14 days, to the end of the last
cases.support_plan                   Mon 2026-12-07 10:00   Tue 2026-12-15 00:00   five working days
cases.first_session                  Mon 2026-12-07 10:00   Tue 2026-12-15 00:00   five working days
cases.session_interval               Mon 2026-12-07 10:00   Tue 2026-12-22 00:00   14 days
cases.own_measures                   Fri 2026-12-04 10:00   Thu 2026-12-10 00:00   three working days
referrals.acknowledge_high           Fri 2026-12-04 22:00   Sat 2026-12-05 02:00   four hours, by night
referrals.begin_high                 Sat 2026-12-05 10:00   Sun 2026-12-06 10:00   24 hours
referrals.report_back_high           Sat 2026-12-05 10:00   Wed 2026-12-16 00:00   ten days
referrals.acknowledge_normal         Fri 2026-12-04 10:00   Tue 2026-12-08 00:00   one working day
referrals.begin_normal               Fri 2026-12-04 10:00   Sat 2026-12-12 00:00   five working days
referrals.report_back_normal         Mon 2026-11-02 10:00   Tue 2026-12-01 00:00   twenty working days
cases.climb_to_coordinator           Fri 2026-12-04 16:00   Mon 2026-12-07 11:00   four working hours
cases.climb_to_department_in_danger  Sun 2026-12-06 03:00   Sun 2026-12-06 03:30   half an hour
"""


def rows() -> list[tuple[str, str, str]]:
    """Rule, start, due."""
    return [(line[:36].strip(), line[37:57].strip(), line[60:80].strip()) for line in ROWS.strip().splitlines()]


@pytest.mark.requirement("RSK-05")
@pytest.mark.parametrize(("rule", "start", "due"), rows())
def test_a_clock_is_due_when_its_rule_says(rule: str, start: str, due: str) -> None:
    """The version that set it is told."""
    book = RuleBook.load(ROOT / "services" / rule.partition(".")[0] / "regulations")
    begins = datetime.strptime(start, "%a %Y-%m-%d %H:%M").replace(tzinfo=ALMATY)
    deadline = book.deadline(rule, begins)
    assert begins.strftime("%a") == start[:3]
    assert deadline.due_at.astimezone(ALMATY).strftime("%a %Y-%m-%d %H:%M") == due
    assert deadline.rule == f"{rule}@2026-01-01"
