"""What is kept of the log of a run that goes on, so that next time it is read from where it ended.

Numbers are kept as columns, summary and output as they stand. The few other records are found again in the log itself, whose bytes up
to the end are the same as when they were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.store import Arrays, Continuation

if TYPE_CHECKING:
    from reportgen.sources.wandb.log import Log


def kept(log: Log, arrays: Arrays) -> dict[str, Any]:
    """What `restore` needs of a log that was read up to `log.end`, its numbers in `arrays`."""
    return {
        "apart": log.apart,
        "counts": [log.records, log.lost_numbers, log.last_number, log.last_time],
        "history": log.history.kept(arrays),
        "system": log.system.kept(arrays),
        "summary": log.summary.kept(),
        "console": log.console.kept(),
    }


def restore(log: Log, data: bytes, before: Continuation) -> None:
    """Brings a new log into the state of `kept`."""
    state = before.state
    log.replay(data, state["apart"])
    log.history.restore(state["history"], before)
    log.system.restore(state["system"], before)
    log.summary.restore(state["summary"])
    log.console.restore(state["console"])
    log.records, log.lost_numbers, log.last_number, log.last_time = state["counts"]
