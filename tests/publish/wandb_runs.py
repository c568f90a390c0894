"""W&B logs for the tests of publishing, with texts put wherever a log can have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sources import wandb_log_writer as log
from wandb.proto import wandb_internal_pb2 as pb

PLACES = ("config", "notes", "console", "command", "environment", "table", "code", "patch", "media", "summary")
"""Where `write` puts a text."""


def write(folder: Path, texts: Mapping[str, str], name: str = "abc12345", user: str = "", host: str = "", remote: str = "") -> Path:
    """A log of one run with texts at the named places; the folder of the run."""
    run = log.run({"lr": 0.1, "extra": {"value": texts.get("config", "x")}}, notes=texts.get("notes", ""), host=host)
    run.run.git.remote_url = remote
    words = texts.get("command", "--fast").split(" ")
    record = pb.Record(environment=pb.EnvironmentRecord(program="train.py", args=words, username=user, host=host))
    record.environment.docker = texts.get("environment", "image")
    rows = [[1, texts.get("table", "a cell")], [2, "another"]]
    media = "media/table/words_1_0123456789abcdef0123.table.json"
    html = "media/html/page_2_0123456789abcdef0123.html"
    files = {
        media: json.dumps({"columns": ["n", "word"], "data": rows}),
        html: f"<p>{texts.get('media', 'a page')}</p>",
        "code/train.py": f"import os\n{texts.get('code', 'x = 1')}\n",
        "diff.patch": f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+{texts.get('patch', '2')}\n",
        "requirements.txt": "numpy==2.0\n",
    }
    console = [log.output(f"{line}\n") for line in texts.get("console", "a line").split("\n")]
    table = {"_type": "table-file", "path": media, "ncols": 2, "nrows": 2, "size": len(files[media])}
    page = {"_type": "html-file", "path": html, "size": len(files[html])}
    folder.mkdir(parents=True)
    log.write(
        folder,
        run,
        record,
        *console,
        *(log.history(step, {"loss": 1 / (1 + step), "epoch": step}) for step in range(5)),
        log.history(5, {"words": table}),
        log.history(6, {"page": page}),
        log.update("summary", {"said": texts.get("summary", "nothing")}),
        log.finish(),
        name=name,
    )
    for path, text in files.items():
        (folder / "files" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "files" / path).write_text(text, encoding="utf-8")
    return folder
