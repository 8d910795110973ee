"""One handler per command: administering tenants, people, roles and engagements, their effects, signing in."""

from services.accounts.application.accounts import AccountsApplication
from services.accounts.application.passwords import Passwords

__all__ = ["AccountsApplication", "Passwords"]
