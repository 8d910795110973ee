"""Who may not, and is told so or not."""

from __future__ import annotations

from services.cases.domain.errors.interagency import NotByThisGrantError
from shared.domain import NotPermittedError, UnknownError


class BehindAWallError(UnknownError):
    """The caller is walled off from this case; only the access log tells it from an unknown one (CON-08)."""

    rule = "wall"

    def __init__(self) -> None:
        super().__init__(what="case")


class ConfidentialityWarningNotAcceptedError(NotPermittedError):
    """Nothing is shown before the warning is accepted (CON-02)."""

    code = "cases.confidentiality_warning_not_accepted"

    def __init__(self) -> None:
        super().__init__(rule="CON-02")


def rule_of(denied: UnknownError | NotPermittedError) -> str:
    """The true rule of a denial, for the access log and for nobody else."""
    return denied.rule if isinstance(denied, BehindAWallError | NotByThisGrantError | NotPermittedError) else "unknown"
