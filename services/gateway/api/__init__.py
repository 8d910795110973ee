"""The JSON API: each area is a table of routes; `serving` makes views of them, `describing` their OpenAPI."""
