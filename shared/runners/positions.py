"""Positions as callers hold them: sealed, so that nobody reads off one how much goes on in a tenant's log (CON-08).

A sealed position is base64url (without padding) of nonce[12] || AES-256-GCM(key, nonce, position[8], service), under a
key per tenant: 48 characters that are new each time, and of use at the same service and tenant alone.
"""

from __future__ import annotations

import base64
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.sealing.keys import TenantKeys
from shared.sealing.seal import NONCE_SIZE

BYTES_OF_A_POSITION = 8


def sealed_position(keys: TenantKeys, service: str, tenant: UUID, position: int) -> str:
    """A position of the tenant's log at `service`, as text that tells nothing."""
    nonce = os.urandom(NONCE_SIZE)
    plain = position.to_bytes(BYTES_OF_A_POSITION, "big")
    sealed = nonce + _cipher(keys, tenant).encrypt(nonce, plain, service.encode())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def opened_position(keys: TenantKeys, service: str, tenant: UUID, text: str) -> int:
    """The position that `sealed_position` sealed for this service and tenant. Raises ValueError for anything else."""
    sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    try:
        plain = _cipher(keys, tenant).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], service.encode())
    except InvalidTag:
        raise ValueError("not a position of this log") from None
    return int.from_bytes(plain, "big")


def _cipher(keys: TenantKeys, tenant: UUID) -> AESGCM:
    return AESGCM(keys.blind_key(tenant, "position"))
