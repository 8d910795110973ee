"""What accounts refuses, each with a code; none with prose.

DomainError
+-- AlreadyRegisteredError        the tenant, person or login is there already
+-- RoleDoesNotFitError           a school's role at an agency, an auditor's role by grant, ...
+-- RolesConflictError            an administrator holds no case role (CON-01)
+-- NoSuchRoleHeldError           nothing to end
+-- NotOfThisDepartmentError      a tenant that this department does not have
+-- KeysNotPublicError            a private key was sent where a public one belongs
+-- KeysMissingError              an agency on the broker needs a virtual host and both keys (REF-04)
+-- PeriodMisstatedError          the end is not after the start
+-- AuditorNotIndependentError    an auditor holds a role at a tenant of the engagement
+-- EngagementAlreadyClosedError
+-- GrantTakenError               somebody was named for it
+-- PasswordTooShortError
+-- SignInRefusedError            for whatever reason: the answer tells none
"""

from __future__ import annotations

from shared.domain import DomainError


class AlreadyRegisteredError(DomainError):
    """Facts `what`."""

    code = "accounts.already_registered"


class RoleDoesNotFitError(DomainError):
    """Facts `role`, `kind` of tenant."""

    code = "accounts.role_does_not_fit"


class RolesConflictError(DomainError):
    """Facts `role`, `held`."""

    code = "accounts.roles_conflict"


class NoSuchRoleHeldError(DomainError):
    """Facts `role`."""

    code = "accounts.no_such_role_held"


class NotOfThisDepartmentError(DomainError):
    """The tenant named is none of the department's."""

    code = "accounts.not_of_this_department"


class KeysNotPublicError(DomainError):
    """A JWK with private members."""

    code = "accounts.keys_not_public"


class KeysUnusableError(DomainError):
    """Keys of another kind than the exchange with partners uses; facts `keys`."""

    code = "accounts.keys_unusable"


class KeysMissingError(DomainError):
    """Facts `missing`."""

    code = "accounts.keys_missing"


class PeriodMisstatedError(DomainError):
    """It would end before it starts."""

    code = "accounts.period_misstated"


class AuditorNotIndependentError(DomainError):
    """Facts `tenants` where the auditor holds a role."""

    code = "accounts.auditor_not_independent"


class EngagementAlreadyClosedError(DomainError):
    """It has been closed."""

    code = "accounts.engagement_already_closed"


class GrantTakenError(DomainError):
    """A person was named for this grant."""

    code = "accounts.grant_taken"


class PasswordTooShortError(DomainError):
    """Facts `least`."""

    code = "accounts.password_too_short"


class SignInRefusedError(DomainError):
    """Login unknown, password wrong, locked: all alike."""

    code = "accounts.sign_in_refused"


class PolicyNotOpenError(DomainError):
    """The source fixes it, or there is no such regulation; facts `key`."""

    code = "accounts.policy_not_open"


class PolicyUnitDiffersError(DomainError):
    """Facts `key`, `unit` it is counted in."""

    code = "accounts.policy_unit_differs"


class PolicyOutsideBorderError(DomainError):
    """Facts `key`, `least`, `most`."""

    code = "accounts.policy_outside_border"


class PolicyNotSetError(DomainError):
    """The department has no value of its own that it could take back; facts `key`."""

    code = "accounts.policy_not_set"


class DayNotAheadError(DomainError):
    """Facts `day`."""

    code = "accounts.day_not_ahead"
