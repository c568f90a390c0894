"""Logs media of every kind with the real SDK. Run in an empty directory, with WANDB_MODE=offline."""

import sys
import wave
from pathlib import Path

import numpy as np
import wandb
from PIL import Image

EVIL = """<h1>Framed</h1><script>parent.document.title='owned';top.location='https://evil.example/'</script>
<img src="https://evil.example/a.png" onerror="parent.document.title='owned'"><meta http-equiv="refresh" content="0;url=https://evil.example/">"""
random = np.random.default_rng(0)
first = wandb.init(project="media", name="before", config={"optimizer": {"lr": 0.01, "name": "sgd"}, "seed": 1})
first.log({"val/acc": 0.5})
first.finish()
config = {"optimizer": {"lr": 0.1, "name": "sgd"}, "seed": 1, **{f"extra.{i}": i for i in range(8)}}
run = wandb.init(project="media", name="segmentation", config=config)
things = {0: "none", 1: "thing"}
labels = {0: "road", 1: "car", 2: "tree"}
for step in range(5):
    picture = np.full((48, 64, 3), 40 * step, np.uint8)
    mask = np.zeros((48, 64), np.uint8)
    mask[10:30, 10 + 5 * step : 30 + 5 * step] = 1
    mask[30:, 40:] = 2
    pixel = {"position": {"minX": 10 + 5 * step, "maxX": 30 + 5 * step, "minY": 10, "maxY": 30}, "domain": "pixel", "class_id": 1,
             "scores": {"score": 0.5}, "box_caption": "car <i>"}  # fmt: skip
    part = {"position": {"middle": [0.8, 0.8], "width": 0.3, "height": 0.3}, "class_id": 2, "scores": {"score": 0.9}}
    scene = wandb.Image(
        picture, caption=f"scene <b>{step}</b>",
        masks={"prediction": {"mask_data": mask, "class_labels": labels}, "truth": {"mask_data": mask, "class_labels": things}},
        boxes={"prediction": {"box_data": [pixel, part], "class_labels": labels}},
    )  # fmt: skip
    run.log({"scene": scene, "many": [wandb.Image(picture[:, :, 0], caption=f"c{i}") for i in range(5)], "val/acc": 0.5 + step / 10})
with wave.open("tone.wav", "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(8000)
    file.writeframes((np.sin(np.arange(800) * 0.3) * 20000).astype("<i2").tobytes())
frames = [Image.fromarray(np.full((32, 32), 60 * i, np.uint8)) for i in range(4)]
frames[0].save("film.gif", save_all=True, append_images=frames[1:])
Path("a.pdb").write_text(
    "ATOM      1  N   ALA A   1      11.104   6.134  -6.504  1.00  0.00           N\n"
    "ATOM      2  CA  ALA A   1      11.639   6.071  -5.147  1.00  0.00           C\n"
)
film = wandb.Video(str(Path(__file__).with_name("film.webm")), caption="a square on its way")
Path("triangle.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
run.log({"webm": film, "mesh": wandb.Object3D("triangle.obj")})
run.log({"tone": wandb.Audio("tone.wav", caption="a tone"), "film": wandb.Video("film.gif"), "molecule": wandb.Molecule("a.pdb")})
run.log({"cloud": wandb.Object3D(random.random((500, 6)) * [1, 1, 1, 255, 255, 255]), "page": wandb.Html(EVIL), "words": "text <i>"})
for i in range(6000):
    print(f"\x1b[32mstep {i}\x1b[0m loss {1 / (i + 1):.4f}" + (" needle" if i % 1000 == 7 else ""))
for i in range(5):
    print(f"\r\x1b[38;5;208mprogress {i}", end="")
print("\x1b[0m", flush=True)
print("a warning", file=sys.stderr, flush=True)
Path(run.dir, "diff.patch").write_text("--- a/x.py\n+++ b/x.py\n-old\n+new\n")
run.finish()
