"""Whether more of a metric is better: from its definition or, failing that, from its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.model.run import Goal, Run

_LESS_IS_BETTER = frozenset("""
    loss losses err error errors rmse mse mae mape nll perplexity ppl bpb bpc fid kid wer cer regret latency time seconds
    runtime duration memory cost entropy divergence kl distance eer brier ece misses
""".split())  # noqa: SIM905
_MORE_IS_BETTER = frozenset("""
    acc accuracy auc auroc auprc ap map f1 fscore precision recall score reward return returns success iou dice bleu rouge
    r2 psnr ssim throughput likelihood elbo ndcg mrr hits top1 top5 win correct sensitivity specificity mcc kappa jaccard
""".split())  # noqa: SIM905


def goal_of(key: str, runs: tuple[Run, ...] = ()) -> Goal | None:
    """Whether to minimise ("min") or maximise ("max"), or None when neither a definition nor the name of the metric tells."""
    for run in runs:
        defined = run.definition(key)
        if defined and defined.goal:
            return defined.goal
        for kind in defined.summary if defined else ():
            if kind in ("min", "max"):
                return "min" if kind == "min" else "max"
    words = [word for word in re.split(r"[^a-z0-9]+", _split_camel(key).lower()) if word]
    for word in reversed(words):
        if word in _LESS_IS_BETTER:
            return "min"
        if word in _MORE_IS_BETTER:
            return "max"
    return None


def _split_camel(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key)
