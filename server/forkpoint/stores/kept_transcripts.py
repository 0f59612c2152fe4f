"""The transcripts that were read last, with their indexes, so that the next request need not scan them again."""

import threading

from forkpoint.agents.adapter import Arrangement
from forkpoint.stores.session_walk import Located
from forkpoint.stores.transcript import Transcript

KEPT_TRANSCRIPTS = 16
KEPT_LINES = 500_000
"""How many lines the kept indexes may hold together."""


class KeptTranscripts:
    """Transcripts by session id, those used longest ago let go of first."""

    def __init__(self) -> None:
        self._kept: dict[str, Transcript] = {}
        self._lock = threading.Lock()

    def of(self, located: Located, arrangement: Arrangement) -> Transcript:
        """Give the kept transcript of a session if it is still laid out like this, else a new one."""
        with self._lock:
            known = self._kept.pop(located.session_id, None)
            if known is None or not _is_laid_out(known, arrangement):
                known = Transcript(located.adapter, located.home.path, arrangement)
            self._kept[located.session_id] = known
            self._forget()
        return known

    def known(self, located: Located, arrangement: Arrangement) -> Transcript | None:
        """Give the kept transcript of a session if there is one and it is still laid out like this."""
        with self._lock:
            known = self._kept.get(located.session_id)
        return known if known is not None and _is_laid_out(known, arrangement) else None

    def _forget(self) -> None:
        """Let go of some when there are too many, or too many lines in them."""
        while len(self._kept) > 1 and (
            len(self._kept) > KEPT_TRANSCRIPTS or sum(kept.weight for kept in self._kept.values()) > KEPT_LINES
        ):
            self._kept.pop(next(iter(self._kept)))


def _is_laid_out(known: Transcript, arrangement: Arrangement) -> bool:
    return list(known.arrangement.parts) == list(arrangement.parts) and known.arrangement.facts == arrangement.facts
