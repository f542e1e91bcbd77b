"""The door: every request comes in here. Session, language, CSRF, permission, one transaction, headers, errors.

Used by every capability's routes. Imports neither models nor accounts: what it needs of them (load a session, keep
it, keep a form, note a refusal) are small protocols, and the factory hands the implementations in.
"""

from expertdesk.web.door import Hooks, init_web
from expertdesk.web.guard import current_actor, public, requires
from expertdesk.web.rendering import page, redirect_back, safe_target

__all__ = ["Hooks", "current_actor", "init_web", "page", "public", "redirect_back", "requires", "safe_target"]
