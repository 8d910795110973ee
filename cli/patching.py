"""Makes this process cooperative (eventlet) before anything else is imported.

psycopg 3 would block the whole process unless it is told, before its import, to wait with `select`.
"""

from __future__ import annotations

import os
import warnings


def make_cooperative() -> None:
    """Patches the standard library; call it before any other import of ours."""
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")
    warnings.filterwarnings("ignore", message=r"(?s).*Eventlet is deprecated")  # known: ARCHITECTURE section 3
    import eventlet

    eventlet.monkey_patch()
    warnings.filterwarnings("ignore", message=r"(?s).*Eventlet is deprecated")  # known: ARCHITECTURE section 3
    import eventlet.debug

    eventlet.debug.hub_exceptions(False)  # it would print their text; who started the green thread logs type and place
