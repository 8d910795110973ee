"""Files of a report: sent and given out in pieces, base64 in JSON."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.gateway.schemas.common import Done, flag, formatted, identifier, line, many, number, time

PIECE_SIZE = 524_288
HASH = validate.Regexp(r"^[0-9a-f]{64}$")


class PutAttachmentPiece(Schema):
    """A piece of a file; `attachment` is an id that the sender makes. The same number again takes its place."""

    attachment = identifier("Made by the sender: the same for all pieces, and for adding the file")
    number = number("From 0", required=True, least=0, most=999)
    content = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata={"description": f"Base64 of {PIECE_SIZE} bytes, the last piece of less", "format": "byte"},
    )


class AddAttachment(Schema):
    """A file whose pieces were all sent: it is looked at by its content, and kept or refused."""

    attachment = identifier()
    name = line("As it was called; its type is told by its content alone", required=False, longest=200)
    pieces = number("How many there are", required=True, least=1, most=1000)
    sha256 = fields.String(required=True, validate=HASH, metadata={"description": "Of the whole file, in hex"})


class PieceCameIn(Done):
    """Which pieces are there, so that the rest can be sent."""

    attachment = identifier()
    came_in = many(fields.Integer())


class AttachmentAdded(Done):
    """What is kept."""

    attachment = identifier()
    type = fields.String(required=True)
    size = number(required=True)
    sha256 = fields.String(required=True)


class Attachment(Schema):
    """A file of a report."""

    attachment = identifier()
    at = time(required=True)
    by = fields.String(metadata={"description": "Who added it, told to staff alone"})
    name = fields.String(required=True)
    type = fields.String(required=True, metadata={"description": "By its content, a MIME type"})
    size = number("Bytes", required=True)
    sha256 = fields.String(required=True, metadata={"description": "Of what is kept"})
    received_sha256 = fields.String(
        required=True, metadata={"description": "Of what came in, before metadata was taken out"}
    )
    is_stripped = flag("Whether metadata was taken out", required=True)
    pieces = number(required=True)


class AttachmentPiece(Attachment):
    """A piece of a file."""

    number = number(required=True)
    content = fields.String(required=True, metadata={"description": "Base64", "format": "byte"})


class AttachmentQuery(Schema):
    """Which piece: the first one where that is left out."""

    number = fields.Integer(validate=validate.Range(min=0, max=999))


class PutAttachmentPieceByReceipt(PutAttachmentPiece):
    """A piece, by whoever holds the receipt."""

    receipt = formatted("receipt", "Six groups of four")


class AddAttachmentByReceipt(AddAttachment):
    """A file, by whoever holds the receipt."""

    receipt = formatted("receipt", "Six groups of four")
