"""The directory as Open Referral's Human Services Data Specification has it (HSDS 3, JSON): out and in again (REF-02).

    organization   the agency: id, name, description, email, website, phones, contacts, locations
      services[0]  what it does for a child: status, application_process (steps), eligibility_description (when to turn
                   to it), required_documents (forms), languages, schedules (hours), assured_date (last confirmed)
        attributes  terms of the taxonomy `qorgan`: kinds of case that need it, services it offers, information needed

Reading looks at what the specification requires (id, name, description; of a service id, name, status; ids everywhere)
and at what the entry takes from it; what else a file holds is left aside, as the specification lets publishers add.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from marshmallow import ValidationError

from services.referrals import schemas

TAXONOMY = "qorgan"
NEEDED_FOR, OFFERS, INFORMATION = "needed_for", "offers", "information_needed"
STATUSES = frozenset({"active", "inactive", "defunct", "temporarily closed"})
_SERVICE = "services.0"
_FIELD_AT: Mapping[str, str] = {
    "contact_person": "contacts.0.name",
    "contact_role": "contacts.0.title",
    "address": "locations.0.description",
    "hours": f"{_SERVICE}.schedules.0.description",
    "languages": f"{_SERVICE}.languages",
    "when_to_turn": f"{_SERVICE}.eligibility_description",
    "steps": f"{_SERVICE}.application_process",
    "forms": f"{_SERVICE}.required_documents",
    "needed_for": f"{_SERVICE}.attributes",
    "services": f"{_SERVICE}.attributes",
    "information_needed": f"{_SERVICE}.attributes",
}
"""Where in an organization the entry's fields stand, but for those of the same name."""

Faults = dict[str, list[str]]


@dataclass(frozen=True)
class Read:
    """An organization of a file: its path there, the agency it is, and its entry; None where that is at fault."""

    at: str
    agency: UUID | None
    details: dict[str, Any] | None


def organization_of(agency: UUID, details: Mapping[str, Any], confirmed_at: datetime) -> dict[str, Any]:
    """An agency's entry as an organization with its service."""
    made = {
        "id": str(agency),
        "name": details["name"],
        "description": details["description"] or details["name"],
        "email": details["email"],
        "website": details["website"] or None,
        "phones": [{"id": _id(agency, "phone", number), "number": number} for number in details["phones"]],
        "contacts": [
            {"id": _id(agency, "contact"), "name": details["contact_person"], "title": details["contact_role"]}
        ],
        "locations": [{"id": _id(agency, "location"), "location_type": "physical", "description": details["address"]}],
        "services": [_service(agency, details, confirmed_at)],
    }
    return {name: value for name, value in made.items() if value is not None}


def _service(agency: UUID, details: Mapping[str, Any], confirmed_at: datetime) -> dict[str, Any]:
    terms = [(NEEDED_FOR, code) for code in details["needed_for"]] + [(OFFERS, code) for code in details["services"]]
    attributes = [_attribute(agency, kind, f"{kind}:{code}") for kind, code in terms]
    if details["information_needed"]:
        attributes.append(_attribute(agency, INFORMATION, INFORMATION) | {"value": details["information_needed"]})
    return {
        "id": _id(agency, "service"),
        "name": details["name"],
        "status": "active",
        "application_process": "\n".join(" ".join(step.split()) for step in details["steps"]),
        "eligibility_description": details["when_to_turn"],
        "assured_date": confirmed_at.date().isoformat(),
        "languages": [{"id": _id(agency, "language", code), "code": code} for code in details["languages"]],
        "schedules": [{"id": _id(agency, "schedule"), "description": details["hours"]}],
        "required_documents": [{"id": _id(agency, "form", form), "document": form} for form in details["forms"]],
        "attributes": attributes,
    }


def _attribute(agency: UUID, kind: str, code: str) -> dict[str, Any]:
    term = {"id": _id(UUID(int=0), code), "code": code, "name": code, "description": code, "taxonomy": TAXONOMY}
    return {
        "id": _id(agency, "attribute", code),
        "link_id": _id(agency, "service"),
        "link_entity": "service",
        "link_type": kind,
        "taxonomy_term_id": term["id"],
        "taxonomy_term": term,
    }


def _id(of: UUID, *names: str) -> str:
    return str(uuid5(of, "/".join(("hsds", *names))))


def read(organizations: Sequence[Mapping[str, Any]]) -> tuple[list[Read], Faults]:
    """What a file's organizations say, and every fault of them by its path."""
    faults: Faults = {}
    found: list[Read] = []
    for number, organization in enumerate(organizations):
        at = f"organizations.{number}"
        agency = _read_id(organization, at, faults)
        if agency is not None and agency in {one.agency for one in found}:
            faults[f"{at}.id"] = ["named_twice"]
        found.append(Read(at, agency, _details(organization, at, faults)))
    return found, faults


def _read_id(organization: Mapping[str, Any], at: str, faults: Faults) -> UUID | None:
    said = organization.get("id")
    if not isinstance(said, str):
        _missing(faults, f"{at}.id", said)
        return None
    try:
        return UUID(said)
    except ValueError:
        faults[f"{at}.id"] = ["not_an_id"]
        return None


def _missing(faults: Faults, path: str, said: Any) -> None:
    """A text that is not there, or is none."""
    faults[path] = ["required" if said is None or isinstance(said, str) else "not_text"]


def _details(organization: Mapping[str, Any], at: str, faults: Faults) -> dict[str, Any] | None:
    known = len(faults)
    for name in ("name", "description"):
        if not isinstance(organization.get(name), str) or not organization[name].strip():
            _missing(faults, f"{at}.{name}", organization.get(name))
    lists = {name: _rows(organization, name, at, faults) for name in ("phones", "contacts", "locations", "services")}
    contact, place, service = (_first(lists[name]) for name in ("contacts", "locations", "services"))
    below = f"{at}.{_SERVICE}"
    if service:
        _check_service(service, below, faults)
    rows = {
        name: _rows(service, name, below, faults)
        for name in ("languages", "schedules", "required_documents", "attributes")
    }
    raw = {
        "name": organization.get("name"),
        "description": "" if _says_no_more(organization) else organization.get("description"),
        "contact_person": contact.get("name") or "",
        "contact_role": contact.get("title") or "",
        "phones": [row.get("number") for row in lists["phones"]],
        "email": organization.get("email"),
        "website": organization.get("website") or "",
        "address": place.get("description") or "",
        "hours": _first(rows["schedules"]).get("description") or "",
        "languages": [row.get("code") for row in rows["languages"]],
        "needed_for": list(_terms(rows["attributes"], NEEDED_FOR)),
        "when_to_turn": service.get("eligibility_description") or "",
        "information_needed": _value(rows["attributes"]),
        "forms": [row.get("document") for row in rows["required_documents"]],
        "steps": _lines(service.get("application_process")),
        "services": list(_terms(rows["attributes"], OFFERS)),
    }
    try:
        loaded: dict[str, Any] = schemas.Details().load(raw)
    except ValidationError as error:
        for name, codes in error.messages_dict.items():
            path = f"{at}.{_FIELD_AT.get(name, name)}"
            faults.setdefault(path, sorted(set(_codes(codes))))
        return None
    return loaded if len(faults) == known else None


def _check_service(service: Mapping[str, Any], at: str, faults: Faults) -> None:
    for name in ("id", "name", "status"):
        if not isinstance(service.get(name), str) or not service[name]:
            _missing(faults, f"{at}.{name}", service.get(name))
    if f"{at}.status" not in faults and service["status"] not in STATUSES:
        faults[f"{at}.status"] = ["unknown_choice"]


def _rows(of: Mapping[str, Any], name: str, at: str, faults: Faults) -> list[Mapping[str, Any]]:
    """The objects of a list; each has an id."""
    said = of.get(name)
    if said is None:
        return []
    if not isinstance(said, list):
        faults[f"{at}.{name}"] = ["not_a_list"]
        return []
    for number, row in enumerate(said):
        if not isinstance(row, dict):
            faults[f"{at}.{name}.{number}"] = ["not_an_object"]
        elif not isinstance(row.get("id"), str):
            _missing(faults, f"{at}.{name}.{number}.id", row.get("id"))
    return [row for row in said if isinstance(row, dict)]


def _first(rows: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    return rows[0] if rows else {}


def _says_no_more(organization: Mapping[str, Any]) -> bool:
    """The specification wants a description; where we have none, the name stands for it."""
    return bool(organization.get("description") == organization.get("name"))


def _code_of(attribute: Mapping[str, Any]) -> str:
    term = attribute.get("taxonomy_term")
    return str(term.get("code", "")) if isinstance(term, dict) and term.get("taxonomy") == TAXONOMY else ""


def _terms(attributes: list[Mapping[str, Any]], kind: str) -> Iterator[str]:
    for attribute in attributes:
        said, _, rest = _code_of(attribute).partition(":")
        if said == kind:
            yield rest


def _value(attributes: list[Mapping[str, Any]]) -> Any:
    return next((one.get("value") or "" for one in attributes if _code_of(one) == INFORMATION), "")


def _lines(text: Any) -> Any:
    """The lines of a text; what is no text is given back, and refused as any list that is none."""
    if not isinstance(text, str):
        return [] if text is None else text
    return [line for line in text.split("\n") if line.strip()]


def _codes(messages: Any) -> Iterator[str]:
    if isinstance(messages, Mapping):
        for inner in messages.values():
            yield from _codes(inner)
    else:
        yield from (str(one) for one in messages)
