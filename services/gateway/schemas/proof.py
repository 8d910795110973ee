"""Proof of filing: a document of its own, described in docs/proof.md."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas.common import anything, flag, formatted, many, number


class ProofOfFiling(Schema):
    """What to prove, by receipt."""

    receipt = formatted("receipt", "Six groups of four")
    with_content = flag("Whether the file is to open to one's own words; else it holds none")
    since = number("Size in the checkpoint of an earlier proof, which this one is to continue", least=1, most=2**53)


class Proof(Schema):
    """The file, to be kept as it is; `qorgan proof check` checks it with no server."""

    format = fields.String(required=True)
    statement = fields.String(required=True, metadata={"description": "A signed note (C2SP)"})
    events = many(anything(), "Leaf and path of everything that whoever reported said")
    checkpoint = fields.String(required=True, metadata={"description": "The signed checkpoint of the school's log"})
    entry = anything("Where that stands in the service's checkpoint log", required=True)
    continues = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    key = anything("The service's public key", required=True)
