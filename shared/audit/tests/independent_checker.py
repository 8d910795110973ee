"""A second checker, written from docs/audit-bundle.md alone: it shares no code with ours."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BUNDLE = {"format", "case", "logs"}
LOG = {"log", "tenant", "key", "checkpoint", "edge", "faults", "events"}
EVENT = {
    "position",
    "stream",
    "version",
    "topic",
    "actor",
    "recorded_at",
    "cause",
    "correlation",
    "payload",
    "key_commitment",
    "leaf_version",
    "leaf_hash",
    "event_key",
    "proof",
}


class WrongError(Exception):
    """Something is not as the document says."""


def wrong_with(content: bytes) -> list[str]:
    """What is wrong with a bundle; nothing if it is sound."""
    found: list[str] = []
    try:
        bundle = json.loads(content, object_pairs_hook=unique)
        must(set(bundle) == BUNDLE and bundle["format"] == "qorgan audit bundle 1", "bundle")
        case = id_bytes(bundle["case"])
        seen: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for log in bundle["logs"]:
            found += wrong_with_log(log)
            must((log["log"], log["tenant"]) not in seen, "log twice")
            seen[(log["log"], log["tenant"])] = log["events"]
        must(any(id_bytes(e["stream"]) == case for events in seen.values() for e in events), "no event of the case")
        for (name, tenant), records in seen.items():
            base = name.removesuffix(".access")
            must((base, tenant) in seen and (base + ".access", tenant) in seen, "half of a service")
            if name != base:
                check_export(records, seen[(base, tenant)], bundle["case"], name, tenant)
    except (WrongError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        found.append(f"bundle: {error!r}")
    return found


def wrong_with_log(log: dict[str, Any]) -> list[str]:
    """What is wrong with one log."""
    must(set(log) == LOG and set(log["key"]) == {"name", "public_key"}, "log")
    found = [f"fault at export: {fault}" for fault in log["faults"]]
    size, root = signed(log)
    edge = data(log["edge"])
    must(len(edge) == 32 * size.bit_count(), "edge's length")
    nodes = [edge[i : i + 32] for i in range(0, len(edge), 32)]
    while len(nodes) > 1:
        right = nodes.pop()
        nodes[-1] = sha(b"\1" + nodes[-1] + right)
    must(nodes[0] == root, "edge")
    versions: dict[str, int] = {}
    before = (0, 0)
    erased = {event["stream"] for event in log["events"] if event["topic"] == "ledger.stream_erased"}
    for event in log["events"]:
        try:
            check_event(log, event, size, root, erased)
            must(event["position"] > before[0] and event["recorded_at"] >= before[1], "order")
            must(event["version"] == versions.get(event["stream"], 0) + 1, "version")
        except (WrongError, InvalidTag, ValueError, KeyError, TypeError, OverflowError) as error:
            found.append(f"{log['log']} {event.get('position')}: {error!r}")
        before = (event["position"], event["recorded_at"])
        versions[event["stream"]] = event["version"]
    return found


def signed(log: dict[str, Any]) -> tuple[int, bytes]:
    """Size and root that the checkpoint says, once its signature holds."""
    body, separator, signatures = log["checkpoint"].rpartition("\n\n")
    must(separator == "\n\n", "note")
    body += "\n"
    name, key = log["key"]["name"], data(log["key"]["public_key"])
    hint = sha(name.encode() + b"\n\x01" + key)[:4]
    lines = [line.removeprefix(f"— {name} ") for line in signatures.split("\n") if line.startswith(f"— {name} ")]
    blobs = [data(line) for line in lines]
    must(any(verifies(key, blob[4:], body.encode()) for blob in blobs if blob[:4] == hint), "signature")
    origin, size, root, rest = body.split("\n")
    must(origin == f"qorgan/{log['log']}/{log['tenant']}" and rest == "" and str(int(size)) == size, "checkpoint")
    return int(size), data(root)


def verifies(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def check_event(log: dict[str, Any], event: dict[str, Any], size: int, root: bytes, erased: set[str]) -> None:
    """Leaf, inclusion and seal of one event."""
    must(set(event) == EVENT and event["leaf_version"] == 1 and type(event["leaf_version"]) is int, "event")
    payload, commitment = data(event["payload"]), data(event["key_commitment"])
    place = [lp(log["log"]), id_bytes(log["tenant"])]
    leaf = b"".join(
        [b"\1", *place, i64(event["position"]), id_bytes(event["stream"]), i64(event["version"])]
        + [lp(event["topic"]), lp(event["actor"]), i64(event["recorded_at"])]
        + [bytes(16) if event[name] is None else id_bytes(event[name]) for name in ("cause", "correlation")]
        + [sha(payload), commitment]
    )
    must(sha(b"\0" + leaf) == data(event["leaf_hash"]), "leaf")
    check_inclusion(event, size, root)
    if event["event_key"] is None and event["stream"] in erased and event["topic"] != "ledger.stream_erased":
        return
    key = data(event["event_key"])
    must(sha(b"qorgan key commitment 1" + key) == commitment, "commitment")
    place += [id_bytes(event["stream"]), i64(event["version"]), lp(event["topic"]), lp(event["actor"])]
    json.loads(AESGCM(key).decrypt(payload[:12], payload[12:], b"qorgan seal 1" + b"".join(place)))


def check_inclusion(event: dict[str, Any], size: int, root: bytes) -> None:
    """RFC 9162 section 2.1.3.2."""
    fn, sn, node = event["position"] - 1, size - 1, data(event["leaf_hash"])
    must(0 <= fn <= sn, "not covered")
    for text in event["proof"]:
        must(sn != 0, "proof too long")
        if fn % 2 or fn == sn:
            node = sha(b"\1" + data(text) + node)
            while fn and not fn % 2:
                fn, sn = fn // 2, sn // 2
        else:
            node = sha(b"\1" + node + data(text))
        fn, sn = fn // 2, sn // 2
    must(sn == 0 and node == root, "inclusion")


def check_export(records: list[dict[str, Any]], events: list[dict[str, Any]], case: str, log: str, tenant: str) -> None:
    """The service's record of the export against what is there."""
    must(len(records) == 1 and records[0]["topic"] == "access.exported", "record of the export")
    record = records[0]
    place = [lp(log), id_bytes(tenant), id_bytes(record["stream"]), i64(record["version"])]
    place += [lp(record["topic"]), lp(record["actor"])]
    payload = data(record["payload"])
    try:
        opened = AESGCM(data(record["event_key"])).decrypt(
            payload[:12], payload[12:], b"qorgan seal 1" + b"".join(place)
        )
    except InvalidTag:
        raise WrongError("record of the export does not open") from None
    facts = json.loads(opened)
    counted: dict[str, int] = {}
    for event in events:
        counted[event["stream"]] = counted.get(event["stream"], 0) + 1
    must(facts["contents"] == counted and case in facts["ids"], "contents")


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no name stands twice."""
    must(len(dict(pairs)) == len(pairs), "name twice")
    return dict(pairs)


def must(holds: bool, what: str) -> None:
    """Raises WrongError unless it holds."""
    if not holds:
        raise WrongError(what)


def sha(value: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(value).digest()


def i64(number: int) -> bytes:
    """int64 of the document."""
    must(type(number) is int and number >= 0, "number")
    return number.to_bytes(8, "big", signed=True)


def lp(text: str) -> bytes:
    """The text behind its length."""
    encoded = text.encode()
    return len(encoded).to_bytes(4, "big") + encoded


def id_bytes(text: str) -> bytes:
    """The bytes of an id."""
    must(str(uuid.UUID(text)) == text, "id")
    return uuid.UUID(text).bytes


def data(text: str) -> bytes:
    """The bytes of canonical base64."""
    found = base64.b64decode(text, validate=True)
    must(base64.b64encode(found).decode() == text, "base64")
    return found
