"""What changed, in sentences: the results, what differs, and which of it matters.

A `Voice` says how they are written: as text, or as HTML with links. A name is never a part of a template.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from reportgen.analysis.column_format import ColumnFormat
from reportgen.analysis.importance import share_text
from reportgen.analysis.importance.words import FEWEST_RUNS
from reportgen.analysis.statistics import Sample
from reportgen.analysis.what_changed.changed import WhatChanged
from reportgen.analysis.what_changed.results import Result
from reportgen.analysis.what_changed.sides import Side
from reportgen.analysis.what_changed.told import Predicted, Told
from reportgen.words import _, count, ngettext

_UNDONE = frozenset({"running", "failed", "crashed", "killed", "pruned"})
_TOGETHER = 0.1
"""From so large a share in interactions on, they are named beside what a setting explains alone."""


@dataclass(frozen=True)
class Voice:
    """How names and sentences are written.

    Attributes:
        say: Makes the template of each sentence: `str` for a terminal, `Markup` for a page.
        name, key: How sides and the names of settings and metrics are written.
    """

    say: Callable[[str], str] = str
    name: Callable[[Side], str] = field(default=lambda side: side.name)
    key: Callable[[str], str] = str


def answer(found: WhatChanged, voice: Voice | None = None) -> list[str]:
    """The answer: sentences in the order in which they are read."""
    voice = voice or Voice()
    about_first = list(_result(found.results[0], found, voice)) if found.results else []
    return [*about_first, *_unfinished(found, voice), *_changes(found, voice), *_matters(found, voice)]


def difference_text(result: Result) -> str:
    """The difference of the means with its sign, "" when a side has no finite value."""
    return result.format.difference(result.difference.value) if result.is_known else ""


def interval_text(result: Result) -> str:
    """The difference of the means with its interval: "+0.45 (+0.26 to +0.64)"."""
    found, written = result.difference, result.format
    ends = _("{value} ({low} to {high})")
    low, high = written.difference(found.low), written.difference(found.high)
    return ends.format(value=written.difference(found.value), low=low, high=high) if found.has_interval else difference_text(result)


def sample_text(sample: Sample, written: ColumnFormat) -> str:
    """The mean, with the standard deviation of several runs; a dash for no finite value."""
    if not sample.n:
        return "—"
    return written.text(sample.mean) + (f" ± {written.spread(sample.sd)}" if sample.sd is not None else "")


def told_text(told: Told) -> str:
    """What the other runs say of one setting, in a few words."""
    match told.verdict:
        case "clear":
            return share_text(told.share)
        case "noise":
            return _("{share}, in the noise").format(share=share_text(told.share))
        case "alone":
            return _("no other run varies it")
        case "few":
            return _("too few runs to say")
        case _:
            return told.reason


def predicted_text(told: Told, written: ColumnFormat) -> str:
    """What the curve predicts for the step: "0.85 (0.80–0.90) → 0.91 (0.88–0.93)"; "" where it says nothing."""
    if told.before is None or told.after is None:
        return ""
    return f"{_predicted(told.before, written)} → {_predicted(told.after, written)}"


def _predicted(one: Predicted, written: ColumnFormat) -> str:
    """The prediction with no more digits than its interval has to say: two of its width."""
    width = one.high - one.low
    if written.notation == "fixed" and written.style == "number" and math.isfinite(width) and width > 0:
        written = replace(written, decimals=min(written.decimals, max(0, 1 - math.floor(math.log10(width)))))
    low, high = written.text(one.low), written.text(one.high)
    between = _("{low} to {high}").format(low=low, high=high) if "−" in low + high or "e" in low + high else f"{low}–{high}"
    return f"{written.text(one.mean)} ({between})"


# The results ---------------------------------------------------------------------------------------------


def _result(result: Result, found: WhatChanged, voice: Voice) -> Iterator[str]:
    names = {"before": voice.name(found.before), "after": voice.name(found.after), "metric": voice.key(result.metric)}
    written = result.format
    for sample, name in ((result.before, names["before"]), (result.after, names["after"])):
        if not sample.n:
            yield voice.say(_("{run} has no finite value of {metric}.")).format(run=name, metric=names["metric"])
    if not result.is_known:
        return
    values = {"a": sample_text(result.before, written), "b": sample_text(result.after, written)}
    values["difference"] = difference_text(result)
    if found.before.is_one and found.after.is_one and result.difference.value == 0:
        yield voice.say(_("{after} and {before} both reached {b} in {metric} (one run each).")).format(**names, **values)
        return
    if found.before.is_one and found.after.is_one:
        reached = _("{after} reached {b} in {metric}, {before} reached {a}: a difference of {difference} (one run each).")
        yield voice.say(reached).format(**names, **values)
        yield from _repeats(result, voice)
        return
    if result.difference.has_interval:
        values["difference"] = interval_text(result)
    mean = _("In {metric}, {after} has a mean of {b} ({m}), {before} one of {a} ({n}): a difference of {difference}.")
    yield voice.say(mean).format(**names, **values, m=_runs(result.after), n=_runs(result.before))
    yield from _chance(result)


def _runs(sample: Sample) -> str:
    """How many runs a mean is of, and how many have no value."""
    if sample.missing:
        return _("{n} of {all} runs with a value").format(n=count(sample.n), all=count(sample.n + sample.missing))
    return ngettext("{n} run", "{n} runs", sample.n).format(n=count(sample.n))


def _chance(result: Result) -> Iterator[str]:
    if result.is_told is None:
        yield _("Whether that is more than chance cannot be told: it takes at least two runs on each side.")
    elif result.is_told:
        yield _("That is more than the spread of the runs explains (Welch’s t test, 5 %).")
    else:
        yield _("That is no more than the spread of the runs explains (Welch’s t test, 5 %).")
        if result.needed:
            yield _("To show a difference of this size, each side would need some {n} runs.").format(n=count(result.needed))


def _repeats(result: Result, voice: Voice) -> Iterator[str]:
    if result.repeats is None:
        yield _("How much of that is chance, one run each cannot tell.")
        return
    a, b = result.repeats
    again = _("With their repeats, which differ in the seed only, it is {b} ({m}) against {a} ({n}).")
    values = {"a": sample_text(a, result.format), "b": sample_text(b, result.format)}
    yield voice.say(again).format(**values, m=_runs(b), n=_runs(a))
    yield from _chance(result)


def _unfinished(found: WhatChanged, voice: Voice) -> Iterator[str]:
    for side in (found.before, found.after):
        if n := sum(run.state in _UNDONE for run in side.runs):
            said = _("{run} did not come to its end.") if side.is_one else _("Of {run}, {n} did not come to their end.")
            yield voice.say(said).format(run=voice.name(side), n=count(n))


# What differs --------------------------------------------------------------------------------------------


def _changes(found: WhatChanged, voice: Voice) -> Iterator[str]:
    chosen, seeds = found.chosen, found.has_other_seeds
    if found.is_clean:
        only = (
            _("Of all that both sides logged, only {key} differs, besides the seed: a clean comparison of this one setting.")
            if seeds
            else _("Of all that both sides logged, only {key} differs: a clean comparison of this one setting.")
        )
        yield voice.say(only).format(key=voice.key(chosen[0][0].key))
    elif found.is_only_settings and not chosen:
        yield (
            _("Of all that both sides logged, only the seed differs: how far the results lie apart is what chance does.")
            if seeds
            else _("Nothing that both sides logged differs.")
        )
    else:
        yield _("Between them {changes} changed.").format(changes=_listed(list(_kinds(found))))
        if len(chosen) == 1:
            yield voice.say(_("{key} is the only setting among them.")).format(key=voice.key(chosen[0][0].key))


def _kinds(found: WhatChanged) -> Iterator[str]:
    """What differs, each kind with its number."""
    if n := len(found.chosen):
        yield ngettext("{n} setting", "{n} settings", n).format(n=count(n))
    if found.has_other_seeds:
        yield _("the seed")
    facts = {fact.name for fact in found.code.facts if fact.is_known}
    if facts & {"commit", "repository", "branch"}:
        yield _("the commit")
    if n := found.code.n_texts:
        yield ngettext("{n} file of code", "{n} files of code", n).format(n=count(n))
    if "script" in facts:
        yield _("the script")
    elif found.code.unexplained:
        yield _("the command line")
    if n := len(found.environment.packages):
        yield ngettext("{n} package", "{n} packages", n).format(n=count(n))
    if n := len(found.environment.facts):
        yield ngettext("{n} fact of the environment", "{n} facts of the environment", n).format(n=count(n))
    artifacts = found.data.changed if found.data.differs else ()
    versions = [one for one in artifacts if one.kind == "changed"]
    if len(versions) == 1:
        yield _("the version of {name}").format(name=versions[0].name)
    if n := len(artifacts) - (len(versions) == 1):
        yield ngettext("{n} artifact", "{n} artifacts", n).format(n=count(n))


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else _("{names} and {last}").format(names=", ".join(parts[:-1]), last=parts[-1])


# What matters --------------------------------------------------------------------------------------------


def _matters(found: WhatChanged, voice: Voice) -> Iterator[str]:
    pairs = [(setting, told) for setting, told in found.chosen if told is not None]
    if not pairs:
        return
    metric, verdicts = voice.key(found.results[0].metric), {told.verdict for _setting, told in pairs}
    if verdicts == {"alone"}:
        yield ngettext(
            "No other run varies this setting, so no run tells how much it matters.",
            "No other run varies these settings, so no run tells how much they matter.",
            len(pairs),
        )
        return
    importance = found.importance
    if importance is None or not importance.quantitative:
        if found.is_clean:
            return
        n = importance.n_runs if importance else found.n_with_target
        few = _("{n} runs are too few to say what of it matters; {least} are the least.")
        equal = _("What of it matters cannot be computed from these {n} runs.")
        yield (few if n < FEWEST_RUNS else equal).format(n=count(n), least=FEWEST_RUNS)
        return
    setting, told = pairs[0]
    values = {"key": voice.key(setting.key), "n": count(importance.n_runs), "metric": metric}
    if told.verdict != "clear":
        none = _("Over all {n} runs, no setting that changed can be told from noise in {metric}.")
        yield voice.say(none).format(**values)
        return
    together = told.total.value - told.share.value > _TOGETHER
    most = (
        _(
            "Over all {n} runs, {key} matters most of what changed: alone it explains {share} of the variance of {metric}, {total} "
            "with interactions."
        )
        if together
        else _("Over all {n} runs, {key} matters most of what changed: it explains {share} of the variance of {metric}.")
    )
    yield voice.say(most).format(**values, share=share_text(told.share), total=share_text(told.total))
    if step := predicted_text(told, found.results[0].format):
        yield voice.say(_("For this step its curve goes {step}.")).format(step=step)


def caveat(found: WhatChanged) -> str:
    """What the shares and curves are, and what they are not; "" where none is shown."""
    importance = found.importance
    if importance is None or not importance.quantitative:
        return ""
    said = _(
        "A share is the part of the variance of {metric} that a setting explains alone over {n} runs (Sobol index), a curve the mean "
        "over all other settings; both with {level} % intervals. That is an association over the runs, these among them, and no "
        "proof: runs that differ in one setting only say more."
    )
    return said.format(metric=found.results[0].metric, n=count(importance.n_runs), level=f"{100 * importance.level:.0f}")


def signs(found: WhatChanged) -> str:
    """What ± and the brackets behind a difference mean, "" where there is neither."""
    samples = [sample for one in found.results for sample in (one.before, one.after, *(one.repeats or ()))]
    if all(sample.sd is None for sample in samples):
        return ""
    said = _("±: the standard deviation of the runs. In brackets behind a difference: its {level} % interval.")
    return said.format(level=f"{100 * found.results[0].difference.level:.0f}")


def not_logged(found: WhatChanged) -> str:
    """What cannot be compared since the logs do not hold it of both sides; "" where they hold all."""
    missing = [] if found.code.is_logged else [_("code")]
    missing += [] if all(found.environment.with_packages) else [_("packages")]
    missing += [] if all(found.data.with_data) else [_("datasets")]
    return _("Not logged by both sides: {parts}.").format(parts=", ".join(missing)) if missing else ""

