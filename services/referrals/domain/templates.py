"""What an agency of a kind is told: the fields of its template, and no others (REF-03, minimal disclosure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from services.referrals.domain.values import AgencyKind
from shared.domain import InvalidInputError

LONGEST_TEXT = 10_000
LONGEST_LIST = 50


@dataclass(frozen=True)
class TemplateField:
    """One field: its name, the key of its label, its type (`text`, `date`, `yes_no`, `codes`), required or not."""

    name: str
    label: str
    type: str
    required: bool
    choices: frozenset[str] = frozenset()

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """From the regulation's entry."""
        return cls(
            data["field"], data["label"], data["type"], bool(data["required"]), frozenset(data.get("choices", ()))
        )

    def fault(self, value: Any) -> str | None:
        """The code of what is wrong with a value, or None."""
        return _CHECKS[self.type](self, value)

    def as_data(self) -> dict[str, Any]:
        """The field as a form needs it."""
        return {
            "field": self.name,
            "label": self.label,
            "type": self.type,
            "required": self.required,
            "choices": sorted(self.choices),
        }


@dataclass(frozen=True)
class Template:
    """The fields that one kind of agency needs; `rule` is `<key>@<start date>` of the version in force."""

    rule: str
    fields: Mapping[str, TemplateField]

    @classmethod
    def from_rule(cls, rule: str, entries: Sequence[Mapping[str, Any]]) -> Self:
        """From the value of the regulation in force."""
        fields = [TemplateField.from_mapping(entry) for entry in entries]
        return cls(rule, {field.name: field for field in fields})

    def takes(self, facts: Mapping[str, Any]) -> None:
        """Refuses, field by field, what is unknown to the template, missing, or not of its type."""
        faults = {f"facts.{name}": ["unknown_field"] for name in facts if name not in self.fields}
        for field in self.fields.values():
            fault = _fault(field, facts)
            if fault is not None:
                faults[f"facts.{field.name}"] = [fault]
        if faults:
            raise InvalidInputError(faults)


@dataclass(frozen=True)
class TemplateBook:
    """Every template by the kind of agency, each as its versions in the order of their days."""

    versions: Mapping[AgencyKind, Sequence[tuple[date, Template]]]

    @classmethod
    def from_data(cls, data: Mapping[str, Mapping[str, Any]]) -> Self:
        """From regulations of the form `referrals.template.<kind>: {values: [{since, fields}]}`; each kind has one."""
        versions = {kind: _versions(f"referrals.template.{kind}", data) for kind in AgencyKind}
        return cls(versions)

    def in_force(self, kind: AgencyKind, on: date) -> Template:
        """The template of that kind which holds on that day; raises LookupError before the first."""
        holding = [template for since, template in self.versions[kind] if since <= on]
        if not holding:
            raise LookupError(f"no template for {kind} on {on}")
        return holding[-1]

    def by_rule(self, rule: str) -> Template:
        """The very version that a referral was drafted from; raises LookupError."""
        for versions in self.versions.values():
            for _, template in versions:
                if template.rule == rule:
                    return template
        raise LookupError(rule)


def _versions(key: str, data: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[date, Template]]:
    values = sorted(data[key]["values"], key=lambda value: value["since"])
    return [(v["since"], Template.from_rule(f"{key}@{v['since'].isoformat()}", v["fields"])) for v in values]


def _fault(field: TemplateField, facts: Mapping[str, Any]) -> str | None:
    value = facts.get(field.name)
    if value is None or value in ("", []):
        return "required" if field.required or field.name in facts else None
    return field.fault(value)


def _text(field: TemplateField, value: Any) -> str | None:
    if not isinstance(value, str):
        return "not_text"
    if not value.strip():
        return "required"
    return "too_long" if len(value) > LONGEST_TEXT else None


def _date(field: TemplateField, value: Any) -> str | None:
    try:
        return None if date.fromisoformat(value).isoformat() == value else "not_a_date"
    except (TypeError, ValueError):
        return "not_a_date"


def _yes_no(field: TemplateField, value: Any) -> str | None:
    return None if isinstance(value, bool) else "not_yes_or_no"


def _codes(field: TemplateField, value: Any) -> str | None:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        return "not_a_list"
    if len(value) > LONGEST_LIST:
        return "too_long"
    return None if field.choices.issuperset(value) else "unknown_choice"


_CHECKS: Mapping[str, Callable[[TemplateField, Any], str | None]] = {
    "text": _text,
    "date": _date,
    "yes_no": _yes_no,
    "codes": _codes,
}
