"""Makes this process cooperative (eventlet) before anything else is imported.

psycopg 3 would block the whole process unless it is told, before its import, to wait with `select`, and then how to do
it faster (waiting.py).
"""

from __future__ import annotations

import os
import warnings


def make_cooperative(*, names_too: bool = True) -> None:
    """Patches the standard library; call it before any other import of ours.

    `names_too` has host names looked up without blocking the process, which takes a third of a second to load: for
    processes that stay.
    """
    if not names_too:
        os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")
    warnings.filterwarnings("ignore", message=r"(?s).*Eventlet is deprecated")  # known: ARCHITECTURE section 3
    import eventlet

    eventlet.monkey_patch()
    warnings.filterwarnings("ignore", message=r"(?s).*Eventlet is deprecated")  # known: ARCHITECTURE section 3
    import eventlet.debug

    eventlet.debug.hub_exceptions(False)  # it would print their text; who started the green thread logs type and place

    from cli.waiting import wait_by_the_hub

    wait_by_the_hub()
