"""The application: administering, its effects in other tenants, grants, and signing in."""

from __future__ import annotations

from services.accounts.application.administering import Administering
from services.accounts.application.effects import Effects
from services.accounts.application.granting import Granting
from services.accounts.application.ruling import Ruling
from services.accounts.application.signing_in import SigningIn


class AccountsApplication(Administering, Ruling, Effects, Granting, SigningIn):
    """Everything that accounts do, in any tenant."""

    name = "accounts"
