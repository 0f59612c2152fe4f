"""Whether a call may run at all, decided in one place before it does; pure."""

from forkpoint.model.failures import Failure, ReadOnly, ScopeMissing, Untrusted
from forkpoint.model.settings import Settings
from forkpoint.operations.catalogue import Listing


def refusal(listing: Listing, settings: Settings) -> Failure | None:
    """Give why a call is refused under these settings; None when it may run.

    `readOnly` beats the scopes, and so does a workspace that is not trusted: both leave reading alone, but for reads
    that need another scope there.
    """
    if listing.scope != "read":
        if settings.read_only:
            return ReadOnly(method=listing.method)
        if not settings.trusted:
            return Untrusted(method=listing.method)
    scope = listing.scope if settings.trusted else listing.untrusted_scope or listing.scope
    return None if scope in settings.scopes else ScopeMissing(method=listing.method, scope=scope)
