"""Logs every chart of `wandb.plot` with the real SDK. Run in an empty directory, with WANDB_MODE=offline."""

import wandb

run = wandb.init(project="plots", name="plots")
points = [[i, i * i, "ab"[i % 2]] for i in range(10)]
run.log({"line": wandb.plot.line(wandb.Table(columns=["x", "y", "g"], data=points), "x", "y", stroke="g", title="A line")})
run.log({"scatter": wandb.plot.scatter(wandb.Table(columns=["x", "y", "g"], data=points), "x", "y", title="A scatter")})
run.log({"bar": wandb.plot.bar(wandb.Table(columns=["label", "value"], data=[["a", 1.5], ["b", 2.0]]), "label", "value", title="Bars")})
run.log({"histogram": wandb.plot.histogram(wandb.Table(columns=["v"], data=[[i / 7] for i in range(30)]), "v", title="Spread")})
truths, guesses = [0, 1, 2, 0, 1, 2], [0, 1, 1, 0, 2, 2]
shares = [[0.8 if k == guess else 0.1 for k in range(3)] for guess in guesses]
names = ["cat", "dog", "<b>"]
run.log({"confusion": wandb.plot.confusion_matrix(y_true=truths, preds=guesses, class_names=names)})
run.log({"pr": wandb.plot.pr_curve(truths, shares, labels=names)})
run.log({"roc": wandb.plot.roc_curve(truths, shares, labels=names)})
run.log({"series": wandb.plot.line_series(xs=[0, 1, 2], ys=[[1, 2, 3], [3, 2, 1]], keys=["up", "down"], title="Both", xname="epoch")})
run.log({"own": wandb.plot_table("me/own", wandb.Table(columns=["x", "y"], data=[[1, 2]]), {"x": "x", "y": "y"}, {"title": "Mine"})})
run.finish()
