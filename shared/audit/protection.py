"""Protection of a file that leaves the system by a password (CON-05).

    header = "qorgan sealed file 1" || 0A || log2 N [1] || r [1] || p [1] || salt [16] || nonce [12]
    file   = header || AES-256-GCM(key, nonce, content, associated data = header)

The key is scrypt(password in UTF-8, salt, N, r, p, 32 bytes) (RFC 7914). Standard library and `cryptography` only.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"qorgan sealed file 1\n"
LOG2_N, R, P = 16, 8, 1
LARGEST_LOG2_N, LARGEST_R, LARGEST_P = 20, 16, 4
SALT_SIZE, NONCE_SIZE, KEY_SIZE = 16, 12, 32
HEADER_SIZE = len(MAGIC) + 3 + SALT_SIZE + NONCE_SIZE


class WrongPasswordError(Exception):
    """The password does not open the file, or the file was changed."""


def is_protected(content: bytes) -> bool:
    """Whether a file is one that `protect` made."""
    return content.startswith(MAGIC)


def protect(content: bytes, password: str) -> bytes:
    """The file that only opens with the password."""
    salt, nonce = os.urandom(SALT_SIZE), os.urandom(NONCE_SIZE)
    header = MAGIC + bytes((LOG2_N, R, P)) + salt + nonce
    return header + AESGCM(_key(password, salt, LOG2_N, R, P)).encrypt(nonce, content, header)


def unprotect(file: bytes, password: str) -> bytes:
    """The content of a protected file. Raises WrongPasswordError."""
    header, sealed = file[:HEADER_SIZE], file[HEADER_SIZE:]
    if len(header) < HEADER_SIZE or not is_protected(header):
        raise WrongPasswordError
    log2_n, r, p = header[len(MAGIC) : len(MAGIC) + 3]
    if not (0 < log2_n <= LARGEST_LOG2_N and 0 < r <= LARGEST_R and 0 < p <= LARGEST_P):
        raise WrongPasswordError
    salt, nonce = header[-SALT_SIZE - NONCE_SIZE : -NONCE_SIZE], header[-NONCE_SIZE:]
    try:
        return AESGCM(_key(password, salt, log2_n, r, p)).decrypt(nonce, sealed, header)
    except (InvalidTag, ValueError):
        raise WrongPasswordError from None


def _key(password: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=KEY_SIZE, n=1 << log2_n, r=r, p=p).derive(password.encode())
