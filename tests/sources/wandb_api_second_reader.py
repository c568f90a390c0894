"""Prints as JSON what the W&B SDK's own `wandb.Api` reads of `kim/digits` from the server in WANDB_BASE_URL."""

import json

import wandb

out = {}
for run in wandb.Api(timeout=60).runs("kim/digits", include_sweeps=False):
    out[run.id] = {
        "name": run.name, "state": run.state, "tags": run.tags, "config": run.config, "sweep": run.sweep_name, "group": run.group,
        "rows": list(run.scan_history()), "summary": dict(run.summary._json_dict),
        "system": run.history(stream="system", pandas=False, samples=10_000), "files": [[file.name, file.size] for file in run.files()],
        "made": [[one.name, one.type, one.aliases] for one in run.logged_artifacts()],
        "used": [[one.name, one.type, one.aliases] for one in run.used_artifacts()],
    }  # fmt: skip
print(json.dumps(out))
