"""A child changes school."""

from __future__ import annotations

from shared.domain import DomainError


class NotASchoolHereError(DomainError):
    """No such school, or the caller's own."""

    code = "cases.not_a_school_here"


class ReleaseNotAnsweredError(DomainError):
    """The school has not answered the one before; facts `transfer`."""

    code = "cases.release_not_answered"


class MatterAnsweredError(DomainError):
    """It was taken or declined already; facts `state`."""

    code = "cases.matter_answered"
