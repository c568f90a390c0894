/* The page of a sweep: parallel coordinates and the table of trials show the same trials; what the reader chose is in the address. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const TABLE_WAITS = 60;
  const listed = (text) => new Set(text.split(',').filter(Boolean).map(decodeURIComponent));
  const joined = (axes) => axes.map((axis) => encodeURIComponent(axis.key)).join(',');

  class Sweep {
    constructor(data) {
      Object.assign(this, data);
      this.axes = data.axes.map((axis) => new rg.SweepAxis(axis));
      this.places = new Map(this.runs.id.map((id, i) => [id, i]));
      // The best are drawn last, so that they are in front.
      this.order = this.runs.id.map((_, i) => i).sort((a, b) => this.runs.tint[a] - this.runs.tint[b]);
      this.given = new Map(this.axes.map((axis) => [axis, axis.isLog]));
    }

    start(stage) {
      const still = document.querySelector('[data-trials-still]');
      const places = [stage.querySelector('[data-sweep-live]'), document.querySelector('[data-trials-live]')];
      this.read();
      this.choose();
      this.tell();
      // A chart that is there and never seen would wait for ever to come alive.
      stage.querySelector('[data-sweep-still]').remove();
      still.hidden = true;
      for (const place of places) place.hidden = false;
      this.parallel = new rg.SweepParallel(places[0], this, (isDone) => this.changed(isDone));
      this.trials = new rg.SweepTrials(places[1], this);
      this.parallel.resized();
    }

    /** The view from the address. */
    read() {
      const [flipped, scaled] = [listed(rg.view.get('flip')), listed(rg.view.get('scale'))];
      for (const axis of this.axes) {
        axis.isFlipped = flipped.has(axis.key);
        if (scaled.has(axis.key) && axis.canLog) axis.isLog = !axis.isLog;
        axis.read(rg.view.get('on.' + axis.key));
      }
    }

    keep() {
      const view = Object.fromEntries(this.axes.map((axis) => ['on.' + axis.key, axis.written]));
      view.flip = joined(this.axes.filter((axis) => axis.isFlipped));
      view.scale = joined(this.axes.filter((axis) => axis.isLog !== this.given.get(axis)));
      rg.view.set(view);
    }

    /** Which trials are inside of all brushes. */
    choose() {
      this.inside = this.runs.id.map((_, i) => this.axes.every((axis) => axis.passes(i)));
      this.left = this.inside.filter(Boolean).length;
    }

    /** Tells the page which trials these are. */
    tell() {
      clearTimeout(this.later);
      this.later = 0;
      const isAll = this.axes.every((axis) => !axis.brush);
      rg.brushed.set(isAll ? null : new Set(this.runs.id.filter((_, i) => this.inside[i])));
    }

    /** The lines follow at once; the table a moment later while the reader still drags, so that no task is long. */
    changed(isDone) {
      this.choose();
      this.parallel.draw();
      if (!isDone) {
        this.later = this.later || setTimeout(() => this.tell(), TABLE_WAITS);
        return;
      }
      this.tell();
      this.keep();
    }

    letGo() {
      for (const axis of this.axes) axis.brush = null;
      this.changed(true);
    }
  }

  rg.ready(async () => {
    const stage = document.querySelector('[data-sweep]');
    if (stage) new Sweep(await rg.valueOf(stage.dataset.root, stage.dataset.script)).start(stage);
  });
})();
