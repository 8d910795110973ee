"""Files beside a log, sealed piece by piece under a stream's key as they come in; their hashes stand in events.

A piece that came in lies in `uploads` until the file is whole and looked at; then it is kept in `blobs`, where a
service may add and read, and nothing but the erasure of the stream takes away (postgres_functions.sql).

    blob key = HKDF-SHA256(stream key, info = "qorgan blob key 1" || blob[16])                        (RFC 5869)
    piece    = nonce[12] || AES-256-GCM(blob key, nonce, plaintext, associated data)
    associated data = "qorgan blob 1" || lp(table) || tenant[16] || stream[16] || blob[16] || number

`lp` and integers as in shared/ledger/leaf.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shared.ledger.database import Database
from shared.ledger.leaf import int64, length_prefixed
from shared.ledger.tables import blobs, uploads
from shared.sealing.seal import KEY_SIZE, NONCE_SIZE, UnsealError
from shared.sealing.stream_keys import StreamKeys

PIECE_SIZE = 512 * 1024
"""Of every piece of a file but the last one, in bytes: far below what a message may carry (RabbitMQ: 16 MiB)."""


class Blobs:
    """The files of one tenant's streams. What opens a piece raises UnsealError, KeyDestroyedError."""

    def __init__(self, database: Database, keys: StreamKeys) -> None:
        self._database, self._keys, self._tenant = database, keys, keys.tenant

    # ---- what comes in

    def take_in(self, stream: UUID, blob: UUID, number: int, piece: bytes, at: int) -> None:
        """Keeps a piece that came in until the file is whole; the same number again takes its place."""
        self._write(uploads, stream, blob, [(number, piece)], at=at)

    def came_in(self, stream: UUID, blob: UUID) -> Sequence[int]:
        """The numbers of the pieces of a file that came in."""
        chosen = select(uploads.c.number).where(*self._of(uploads, stream, blob)).order_by(uploads.c.number)
        with self._database.tenant(self._tenant) as connection:
            return list(connection.scalars(chosen))

    def coming_in(self, stream: UUID) -> Mapping[UUID, int]:
        """How many pieces there are of each file of a stream that is not whole yet."""
        chosen = (
            select(uploads.c.blob, func.count().label("pieces"))
            .where(uploads.c.tenant == self._tenant, uploads.c.stream == stream)
            .group_by(uploads.c.blob)
        )
        with self._database.tenant(self._tenant) as connection:
            return {row.blob: row.pieces for row in connection.execute(chosen)}

    def whole(self, stream: UUID, blob: UUID) -> bytes:
        """All that came in of a file, opened."""
        return b"".join(piece for _, piece in self._opened(uploads, stream, blob))

    def let_go(self, stream: UUID, blob: UUID) -> None:
        """Forgets what came in of a file."""
        with self._database.tenant(self._tenant) as connection:
            connection.execute(delete(uploads).where(*self._of(uploads, stream, blob)))

    def let_go_of_older(self, than: int) -> None:
        """Forgets what came in before a moment and was never made whole."""
        with self._database.tenant(self._tenant) as connection:
            connection.execute(delete(uploads).where(uploads.c.tenant == self._tenant, uploads.c.at < than))

    # ---- what is kept

    def keep(self, stream: UUID, blob: UUID, content: bytes) -> Sequence[bytes]:
        """Keeps a file, and gives its pieces; one that is there stays as it is: name it by its content."""
        pieces = [content[at : at + PIECE_SIZE] for at in range(0, len(content), PIECE_SIZE)]
        self._write(blobs, stream, blob, list(enumerate(pieces)))
        return pieces

    def piece(self, stream: UUID, blob: UUID, number: int) -> bytes | None:
        """One piece of a kept file, None where there is none."""
        return next((piece for _, piece in self._opened(blobs, stream, blob, number)), None)

    def kept(self, stream: UUID, blob: UUID) -> bytes:
        """A kept file, whole."""
        return b"".join(piece for _, piece in self._opened(blobs, stream, blob))

    def all_kept(self) -> Sequence[tuple[UUID, UUID]]:
        """The stream and the id of every kept file of the tenant."""
        chosen = select(blobs.c.stream, blobs.c.blob).where(blobs.c.tenant == self._tenant).distinct()
        with self._database.tenant(self._tenant) as connection:
            return [(row.stream, row.blob) for row in connection.execute(chosen.order_by(blobs.c.stream, blobs.c.blob))]

    # ---- rows

    def _write(self, table: Table, stream: UUID, blob: UUID, pieces: Sequence[tuple[int, bytes]], **more: Any) -> None:
        key = blob_key(self._keys.get(stream), blob)
        insert: Any = sqlite_insert if self._database.is_sqlite else postgres_insert
        for number, piece in pieces:
            nonce = os.urandom(NONCE_SIZE)
            sealed = nonce + AESGCM(key).encrypt(nonce, piece, self._place(table, stream, blob, number))
            where = {"tenant": self._tenant, "stream": stream, "blob": blob, "number": number}
            row = insert(table).values(**where, sealed=sealed, **more)
            row = (
                row.on_conflict_do_update(index_elements=list(where), set_={"sealed": sealed, **more})
                if more
                else (row.on_conflict_do_nothing())
            )
            with self._database.tenant(self._tenant) as connection:
                connection.execute(row)

    def _opened(self, table: Table, stream: UUID, blob: UUID, number: int | None = None) -> Iterator[tuple[int, bytes]]:
        chosen = select(table.c.number, table.c.sealed).where(*self._of(table, stream, blob)).order_by(table.c.number)
        if number is not None:
            chosen = chosen.where(table.c.number == number)
        with self._database.tenant(self._tenant) as connection:
            rows = [(found, bytes(sealed)) for found, sealed in connection.execute(chosen)]
        keys = [blob_key(key, blob) for key in self._keys.all(stream)] if rows else []
        for found, sealed in rows:
            yield found, _opened(keys, sealed, self._place(table, stream, blob, found))

    def _of(self, table: Table, stream: UUID, blob: UUID) -> tuple[Any, ...]:
        return table.c.tenant == self._tenant, table.c.stream == stream, table.c.blob == blob

    def _place(self, table: Table, stream: UUID, blob: UUID, number: int) -> bytes:
        where = self._tenant.bytes + stream.bytes + blob.bytes + int64(number)
        return b"qorgan blob 1" + length_prefixed(table.name.encode()) + where


def blob_key(stream_key: bytes, blob: UUID) -> bytes:
    """The key of one file, derived from its stream's."""
    info = b"qorgan blob key 1" + blob.bytes
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=info).derive(stream_key)


def _opened(keys: Sequence[bytes], sealed: bytes, place: bytes) -> bytes:
    """A piece opened by the one of the stream's keys that sealed it. Raises UnsealError."""
    for key in keys:
        with suppress(InvalidTag, ValueError):
            return AESGCM(key).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], place)
    raise UnsealError
