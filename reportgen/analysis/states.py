"""How runs ended, in the reader's language."""

from __future__ import annotations

from reportgen.model import State
from reportgen.words import _, count


def state_name(state: State) -> str:
    """What a state is called."""
    match state:
        case "finished":
            return _("finished")
        case "pruned":
            return _("pruned")
        case "failed":
            return _("failed")
        case "crashed":
            return _("crashed")
        case "killed":
            return _("killed")
        case "running":
            return _("running")
        case "unknown":
            return _("unknown")


def counted_state(state: State, n: int) -> str:
    """“51 finished”."""
    return _("{n} {state}").format(n=count(n), state=state_name(state))
