"""That somebody sees nothing of a matter: no id, text or count of it in any answer, which is that for the unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.support.telling.replaying import Replay
from tests.support.telling.telling import ACCUSED, Told
from tests.support.telling.watching import Seen


def traces(told: Told, without: Replay) -> Iterator[str]:
    """Each answer to the accused that tells something, and what.

    Questions by id and by what was said of a child are answered as for what there is not; lists as they would be now
    had there been no matter: `without` holds the events from before it, at the time of the end.
    """
    for asked in told.blind:
        seen = told.answered[asked.known]
        if asked.unknown is None:
            same = without.ask(ACCUSED, told.readers[ACCUSED], asked.known)
        else:
            same = told.answered[asked.unknown]
        if (seen.status, seen.content) != (same.status, same.content):
            yield f"{seen.question.path} answers {seen.content!r} and not {same.content!r}"
        yield from (f"{seen.question.path} tells {secret!r}" for secret in _secrets_in(told, seen))


def _secrets_in(told: Told, seen: Seen) -> list[str]:
    """What of the matter stands in an answer, escaped or not."""
    text = seen.content.decode()
    said = {text, json.dumps(json.loads(text), ensure_ascii=False)}
    return [secret for secret in told.secrets if any(secret in one for one in said)]
