"""What a service knows of the tenant that it works in, from the public events of `accounts`; in its own log.

tenancy.py    the aggregate: whose the tenant is, who holds which office, what its department changed
commands.py   what is put down, sent by reactions alone
handlers.py   the handlers, and the tenant's book of regulations, kept for a few seconds
reactions.py  which public events lead there
"""

from shared.tenancy.handlers import InTenancy
from shared.tenancy.reactions import tenancy_reactions
from shared.tenancy.tenancy import Office, Tenancy, tenancy_id

__all__ = ["InTenancy", "Office", "Tenancy", "tenancy_id", "tenancy_reactions"]
