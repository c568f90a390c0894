"""MLflow's store of files."""

from __future__ import annotations

from pathlib import Path

from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    run = folder / "mlruns" / "1" / ("0" * 32)
    (run / "tags").mkdir(parents=True)
    (run.parent / "meta.yaml").write_text("experiment_id: '1'\nlifecycle_stage: active\nname: odd\n")
    (run / "meta.yaml").write_text(f"lifecycle_stage: active\nrun_id: {'0' * 32}\nstatus: 3\n")
    for key in ODD_KEYS:
        file = run / "metrics" / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{1_700_000_000_000 + step} {value} {step}\n" for step, value in enumerate(ODD_VALUES)))


FORMAT = Format("mlflow", ROOT / "tests/data/mlflow-files", ("mlruns/*/*/metrics/**/*", "mlruns/*/*/meta.yaml"), odd)
