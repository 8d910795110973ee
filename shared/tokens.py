"""Who may ask: short-lived signed tokens (ARCHITECTURE section 4); the keys that sign them are in `shared.signing`.

Tokens are JWTs (RFC 7519) with an explicit type (RFC 8725, 3.11) under the algorithm `Ed25519` (EdDSA by its RFC 9864
name); no other algorithm is looked at.

    person token     60 s   accounts -> one service   somebody, in one tenant, with the roles held there
    session token    8 h    accounts -> accounts      signed in; buys person tokens
    service token    60 s   any -> any                one service calls one method of another
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.domain import Actor, DomainError
from shared.signing import KeyRing, SigningKey, public_pem, service_of

__all__ = [
    "KeyRing",
    "PersonClaims",
    "ServiceClaims",
    "SessionClaims",
    "SigningKey",
    "TokenRefusedError",
    "Verifier",
    "mint_person_token",
    "mint_reporter_token",
    "mint_service_token",
    "mint_session_token",
    "service_of",
]

ALGORITHM = "Ed25519"
ISSUER_OF_PERSONS = "accounts"
LIFE_OF_A_TOKEN = timedelta(seconds=60)
LIFE_OF_A_SESSION = timedelta(hours=8)
CLOCK_SKEW = timedelta(seconds=5)

PERSON, SESSION, SERVICE = "qorgan-person+jwt", "qorgan-session+jwt", "qorgan-service+jwt"


class TokenRefusedError(DomainError):
    """A token that does not hold; `reason` is a code, and nothing of the token is repeated."""

    code = "common.token_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class PersonClaims:
    """Somebody acting in `tenant`: a person, or a reporter without an account (`reporter:<uuid>`)."""

    actor: Actor
    tenant: UUID
    token_id: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionClaims:
    """A signed-in person; `session` names the session, `issued_at` tells whether it was revoked since."""

    person: UUID
    home: UUID
    session: UUID
    issued_at: datetime


@dataclass(frozen=True, kw_only=True)
class ServiceClaims:
    """One service calling one method of another, because of `cause`."""

    caller: str
    method: str
    cause: UUID | None


def mint_person_token(
    key: SigningKey,
    *,
    person: UUID,
    tenant: UUID,
    roles: Iterable[str],
    home: UUID,
    purpose: str,
    audience: str,
    now: datetime,
) -> str:
    """A person's token for one service and tenant; only keys of `accounts` are believed."""
    claims = {"tenant": str(tenant), "roles": sorted(roles), "home": str(home), "purpose": purpose}
    return _mint(key, PERSON, LIFE_OF_A_TOKEN, now, sub=f"person:{person}", aud=audience, **claims)


def mint_reporter_token(key: SigningKey, *, reporter: UUID, tenant: UUID, audience: str, now: datetime) -> str:
    """The token of somebody who reports without an account: a pseudonym, and the role `reporter` alone (REP-03)."""
    claims = {"tenant": str(tenant), "roles": ["reporter"], "home": None, "purpose": ""}
    return _mint(key, PERSON, LIFE_OF_A_TOKEN, now, sub=f"reporter:{reporter}", aud=audience, **claims)


def mint_session_token(key: SigningKey, *, person: UUID, home: UUID, session: UUID, now: datetime) -> str:
    """The proof of having signed in, for `accounts` alone."""
    claims = {"home": str(home), "session": str(session)}
    return _mint(key, SESSION, LIFE_OF_A_SESSION, now, sub=f"person:{person}", aud=ISSUER_OF_PERSONS, **claims)


def mint_service_token(
    key: SigningKey, *, service: str, audience: str, method: str, cause: UUID | None, now: datetime
) -> str:
    """A service's own token for calling one method of `audience`."""
    if service != key.service:
        raise ValueError("a service signs with its own key only")
    claims = {"method": method, "cause": None if cause is None else str(cause)}
    return _mint(key, SERVICE, LIFE_OF_A_TOKEN, now, sub=service, aud=audience, **claims)


def _mint(key: SigningKey, kind: str, life: timedelta, now: datetime, **claims: Any) -> str:
    header = {"alg": ALGORITHM, "kid": key.id, "typ": kind}
    times = {"iat": now.timestamp(), "nbf": now.timestamp(), "exp": (now + life).timestamp()}
    return jwt.encode(header, {"iss": key.service, "jti": uuid4().hex, **times, **claims}, key.jwk, [ALGORITHM])


class Verifier:
    """Checks tokens addressed to one service: each method raises TokenRefusedError; `now` is real system time."""

    def __init__(self, keyring: KeyRing, service: str) -> None:
        self.keyring = keyring
        self.audience = service

    def person(self, token: str, now: datetime) -> PersonClaims:
        """The somebody whom `accounts` vouches for."""
        claims = self._claims(token, PERSON, now, issuer=ISSUER_OF_PERSONS)
        with _Reading():
            home = claims["home"]
            actor = Actor(
                id=_subject(claims),
                roles=frozenset(map(str, claims["roles"])),
                home=None if home is None else UUID(home),
                purpose=str(claims["purpose"]),
            )
            tenant, token_id = UUID(claims["tenant"]), str(claims["jti"])
            return PersonClaims(actor=actor, tenant=tenant, token_id=token_id, expires_at=_time(claims, "exp"))

    def session(self, token: str, now: datetime) -> SessionClaims:
        """The signed-in person; of use to `accounts` alone."""
        claims = self._claims(token, SESSION, now, issuer=ISSUER_OF_PERSONS)
        with _Reading():
            person = Actor(id=_subject(claims)).person
            if person is None:
                raise ValueError
            home, session = UUID(claims["home"]), UUID(claims["session"])
            return SessionClaims(person=person, home=home, session=session, issued_at=_time(claims, "iat"))

    def service(self, token: str, method: str, now: datetime) -> ServiceClaims:
        """The service that calls our `method`."""
        claims = self._claims(token, SERVICE, now, issuer=None)
        if claims.get("method") != method:
            raise TokenRefusedError("other_method")
        with _Reading():
            cause = claims["cause"]
            return ServiceClaims(caller=str(claims["iss"]), method=method, cause=None if cause is None else UUID(cause))

    def _claims(self, token: str, kind: str, now: datetime, *, issuer: str | None) -> Mapping[str, Any]:
        header, claims = self._signed(token)
        if header.get("typ") != kind:
            raise TokenRefusedError("other_kind")
        if claims.get("iss") != service_of(header["kid"]) or issuer not in (None, claims["iss"]):
            raise TokenRefusedError("issuers_key_is_another")
        if claims.get("aud") != self.audience:
            raise TokenRefusedError("other_audience")
        with _Reading():
            begins, ends = _time(claims, "nbf"), _time(claims, "exp")
        if now >= ends:
            raise TokenRefusedError("expired")
        if now < begins - CLOCK_SKEW:
            raise TokenRefusedError("not_yet_valid")
        return claims

    def _signed(self, token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Header and claims of a token whose signature holds under a key that we know."""
        with _Reading():
            header = jws.extract_compact(token.encode()).headers()
            key_id, algorithm = str(header["kid"]), header["alg"]
        if algorithm != ALGORITHM:
            raise TokenRefusedError("other_algorithm")
        public_key = self.keyring.public_key(key_id)
        if public_key is None:
            raise TokenRefusedError("unknown_key")
        with _Reading("signature_does_not_hold"):
            signed = jwt.decode(token, OKPKey.import_key(public_pem(public_key)), [ALGORITHM])
            return signed.header, signed.claims


class _Reading:
    """Turns whatever goes wrong while a token is read into one refusal that repeats nothing of it."""

    def __init__(self, reason: str = "unreadable") -> None:
        self.reason = reason

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, JoseError | ValueError | TypeError | KeyError | OverflowError):
            raise TokenRefusedError(self.reason) from None


def _subject(claims: Mapping[str, Any]) -> str:
    """`person:<uuid>` or `reporter:<uuid>`; raises ValueError for anything else."""
    kind, _, rest = str(claims["sub"]).partition(":")
    if kind not in ("person", "reporter"):
        raise ValueError
    return f"{kind}:{UUID(rest)}"


def _time(claims: Mapping[str, Any], name: str) -> datetime:
    return datetime.fromtimestamp(float(claims[name]), UTC)
