"""Routes of files that belong to a report, and of the one that whoever reported takes home: the proof."""

from __future__ import annotations

from services.gateway.api.routes import command, question, secret_question
from services.gateway.schemas import attachments as schemas
from services.gateway.schemas import proof

OF_ONE = "/reports/{report}/attachments"

ROUTES = (
    command(
        f"{OF_ONE}/pieces",
        "reports.put_attachment_piece",
        "Send a piece of a file; broken off, send what is not there",
        schemas.PutAttachmentPiece,
        answer=schemas.PieceCameIn,
    ),
    command(
        OF_ONE,
        "reports.add_attachment",
        "Add a file whose pieces were all sent; a refused one loses nothing else",
        schemas.AddAttachment,
        answer=schemas.AttachmentAdded,
    ),
    question(
        f"{OF_ONE}/{{attachment}}",
        "reports.show_attachment",
        "A piece of a file",
        schemas.AttachmentPiece,
        query=schemas.AttachmentQuery,
    ),
    command(
        "/receipt/attachments/pieces",
        "reports.put_attachment_piece_by_receipt",
        "Send a piece of a file, by receipt; no session is looked at",
        schemas.PutAttachmentPieceByReceipt,
        answer=schemas.PieceCameIn,
        nameless=True,
    ),
    command(
        "/receipt/attachments",
        "reports.add_attachment_by_receipt",
        "Add a file whose pieces were all sent, by receipt; no session is looked at",
        schemas.AddAttachmentByReceipt,
        answer=schemas.AttachmentAdded,
        nameless=True,
    ),
    secret_question(
        "/receipt/proof",
        "reports.proof_of_filing",
        "A signed proof to take home, that what one said stands in the ledger; no session is looked at",
        proof.ProofOfFiling,
        answer=proof.Proof,
        nameless=True,
    ),
)
