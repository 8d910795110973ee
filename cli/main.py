"""Where the `qorgan` command begins: makes the process cooperative, then imports everything else.

Only for the command itself: whoever else imports this has every thread of its process turned green.
"""

from __future__ import annotations

import gc
import sys

from cli.patching import make_cooperative

if sys.argv[1:3] != ["run", "gateway"]:  # gunicorn brings threads of its own
    make_cooperative(names_too=sys.argv[1:2] in (["demo"], ["run"], ["up"]))  # those that stay

gc.disable()
from cli.commands import main  # noqa: E402 - two thousand classes are made here, and none of them is ever garbage

gc.freeze()
gc.enable()

__all__ = ["main"]

if __name__ == "__main__":
    main()
