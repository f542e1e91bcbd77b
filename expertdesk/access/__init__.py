"""Who may do what: one list of permissions, one table from role to permissions.

Used by the web guard, the workflow and every policy. Which *rows* a person may see is each capability's policy.py.
"""

from expertdesk.access.actor import SYSTEM, Actor
from expertdesk.access.grants import GRANTS, STAFF_ROLES, permissions_of
from expertdesk.access.permissions import Permission, Role

__all__ = ["GRANTS", "STAFF_ROLES", "SYSTEM", "Actor", "Permission", "Role", "permissions_of"]
