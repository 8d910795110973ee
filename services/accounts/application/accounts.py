"""The application: administering, its effects in other tenants, and signing in."""

from __future__ import annotations

from services.accounts.application.administering import Administering
from services.accounts.application.effects import Effects
from services.accounts.application.signing_in import SigningIn


class AccountsApplication(Administering, Effects, SigningIn):
    """Everything that accounts do, in any tenant."""

    name = "accounts"
