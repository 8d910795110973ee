"""Something valid to say for each call, made from its schema: so that a new call is tried without being listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from marshmallow import Schema, fields, validate

WORD = "Білгім келеді"
OF_A_KIND: Mapping[type[fields.Field[Any]], Any] = {
    fields.Dict: {WORD: WORD},
    fields.Boolean: True,
    fields.Integer: 1,
    fields.Date: "2026-01-05",
    fields.AwareDateTime: "2026-01-05T10:00:00Z",
}


def something(schema: Schema, besides: Mapping[str, Any]) -> dict[str, Any]:
    """What a schema requires, but what stands in `besides`."""
    named = {field.data_key or name: field for name, field in schema.fields.items()}
    wanted = {name: field for name, field in named.items() if field.required and name not in besides}
    return {name: _value(field) for name, field in wanted.items()} | dict(besides)


def _value(field: fields.Field[Any]) -> Any:
    if isinstance(field, fields.Nested):
        return something(field.schema, {})
    if isinstance(field, fields.List):
        return [_value(field.inner)]
    if isinstance(field, fields.UUID):
        return str(uuid4())
    choices = [one.value for one in field.enum] if isinstance(field, fields.Enum) else []
    choices += [choice for one in field.validators if isinstance(one, validate.OneOf) for choice in one.choices]
    return choices[0] if choices else OF_A_KIND.get(type(field), WORD)
