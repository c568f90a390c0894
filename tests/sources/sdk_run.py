"""Logs with the real SDK what is hard to read. Run in an empty directory, with WANDB_MODE=offline."""

import sys
from pathlib import Path

import numpy as np
import wandb

config = {"lr": 1e-4, "net": {"width": 8, "act": "relu"}, "bad": float("nan"), "list": [1, [2, {"a": None}]]}
run = wandb.init(
    project="täst", name="lauf 🏃 한국어", config=config, group="g", job_type="j", tags=["b", "a"], notes="n\nm",
)  # fmt: skip
run.config.update({"net": {"width": 16}, "late": [1, 2]}, allow_val_change=True)
run.define_metric("epoch", hidden=True)
run.define_metric("val/*", step_metric="epoch", summary="min,max")
run.define_metric("best", summary="first,last")
for step, value in enumerate([0.5, float("nan"), float("inf"), float("-inf"), np.float32(0.1), 2**53 + 1, True]):
    row = {"v": value, "deep": {"a": {"b": step}}, "epoch": step // 2, "val/x": step * 0.1, "best": step}
    run.log({**row, "long " + "k" * 3000: step})
histograms = {"hist": wandb.Histogram(np.arange(100)), "raw": wandb.Histogram(np_histogram=([1, 2], [0, 1, 4]))}
run.log({"text": "日本", "none": None, "list": [1, 2.5, "x"], **histograms}, step=50)
run.log({"table": wandb.Table(columns=["a", "b"], data=[[1, "x"], [None, "y"]])})
run.summary["final"] = {"acc": 0.25, "name": "é"}
run.summary["dropped"] = 1
del run.summary["dropped"]
artifact = wandb.Artifact("bits", type="dataset", metadata={"n": 3}, description="three")
Path("bits.txt").write_text("101")
artifact.add_file("bits.txt")
artifact.add_reference("https://example.org/x.bin", checksum=False)
run.log_artifact(artifact, aliases=["first"])
print("out", flush=True)
print("err", file=sys.stderr, flush=True)
run.finish(exit_code=3)
