/* Parallel coordinates of a sweep: the pointer puts a trial in front, dragging along an axis brushes it. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const NEAR = 20;
  const REACH = 12;

  class SweepParallel {
    /** `changed` is called with whether the view is to be kept, after every change of an axis. */
    constructor(place, sweep, changed) {
      Object.assign(this, { place, sweep, changed, axes: sweep.axes });
      this.scroll = rg.create('div', 'parallel-scroll');
      this.stage = rg.create('div', 'parallel-stage');
      this.below = rg.create('canvas', 'parallel-below');
      this.under = rg.create('canvas', 'parallel-under');
      this.below.setAttribute('aria-hidden', 'true');
      this.over = rg.create('canvas', 'parallel-over');
      this.under.setAttribute('role', 'img');
      this.over.setAttribute('aria-hidden', 'true');
      this.heads = this.axes.map((axis) => rg.sweepHead(axis, () => {
        this.scaled();
        changed(true);
      }));
      this.stage.append(...this.heads.map(({ head }) => head), this.below, this.under, this.over);
      this.scroll.append(this.stage);
      rg.watchEdges(this.scroll);
      this.scroll.tabIndex = 0;
      this.scroll.setAttribute('role', 'region');
      this.scroll.setAttribute('aria-label', rg.say('Parallel coordinates; the heads of the axes are buttons'));
      this.said = rg.create('p', 'parallel-said');
      this.hint = rg.say('Drag along an axis to choose trials, click it to let go; its name opens flip, scale and range.');
      place.append(this.scroll, this.said);
      this.listen();
    }

    listen() {
      const { over } = this;
      over.addEventListener('pointermove', (event) => this.move(event));
      over.addEventListener('pointerdown', (event) => this.down(event));
      over.addEventListener('pointerup', (event) => this.up(event));
      over.addEventListener('pointercancel', () => { this.dragged = null; });
      over.addEventListener('pointerleave', () => { if (!this.dragged) rg.hovered.set(''); });
      rg.hovered.on(() => this.front());
      rg.onColours(() => {
        this.colours = rg.colours(this.place);
        this.scaled();
        this.draw();
      });
      new ResizeObserver(() => this.resized()).observe(this.scroll);
    }

    at(event) {
      const box = this.over.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    }

    axisAt(x) {
      return this.axes.findIndex((_, k) => Math.abs(this.area.x(k) - x) <= NEAR);
    }

    down(event) {
      const [x, y] = this.at(event);
      const k = this.axisAt(x);
      // A finger scrolls the page; the heads of the axes choose ranges there.
      if (k < 0 || event.button !== 0 || event.pointerType === 'touch') return;
      this.dragged = { axis: this.axes[k], from: this.area.place(y), y, hasMoved: false };
      this.over.setPointerCapture(event.pointerId);
    }

    move(event) {
      const [x, y] = this.at(event);
      if (this.dragged) {
        this.dragged.hasMoved = this.dragged.hasMoved || Math.abs(y - this.dragged.y) > 3;
        if (!this.dragged.hasMoved) return;
        this.dragged.axis.brushPlaces(this.dragged.from, this.area.place(y));
        // The button may be let go before the frame comes: then all is said already, and the table keeps its place.
        this.later(() => { if (this.dragged) this.changed(false); });
        return;
      }
      this.over.style.cursor = this.axisAt(x) >= 0 ? 'ns-resize' : 'crosshair';
      const i = rg.sweepDraw.nearest(this.area, this.sweep, this.axes, this.sweep.inside, x, y, REACH);
      rg.hovered.set(i < 0 ? '' : this.sweep.runs.id[i]);
    }

    up() {
      if (!this.dragged) return;
      if (!this.dragged.hasMoved) this.dragged.axis.brush = null;
      this.dragged = null;
      this.changed(true);
    }

    /** Once per frame, however often the pointer moves. */
    later(act) {
      if (this.waits) return;
      this.waits = true;
      requestAnimationFrame(() => {
        this.waits = false;
        act();
      });
    }

    /** Lays out axes and canvases. The page is asked for its width here only: asking while it changes makes it lay itself out anew. */
    resized() {
      const width = this.scroll.clientWidth;
      if (!width || width === this.seen) return;
      this.seen = width;
      this.colours = rg.colours(this.place);
      this.area = rg.sweepDraw.plot(width, this.axes.length);
      this.stage.style.width = this.area.width + 'px';
      [this.faintPen, this.pen, this.frontPen] = [this.below, this.under, this.over].map((canvas) => rg.context(canvas, this.area.width, this.area.height));
      this.heads.forEach(({ head }, k) => {
        head.style.left = this.area.x(k) + 'px';
        head.classList.toggle('is-last', k === this.axes.length - 1);
        head.classList.toggle('is-first', k === 0);
      });
      this.scaled();
      this.draw();
    }

    /** Draws what a brush does not change. */
    scaled() {
      if (!this.area) return;
      this.faintPen.clearRect(0, 0, this.area.width, this.area.height);
      rg.sweepDraw.faint(this.faintPen, this.area, this.sweep, this.axes, this.colours);
    }

    draw() {
      if (!this.area) return;
      const context = this.pen;
      context.clearRect(0, 0, this.area.width, this.area.height);
      rg.sweepDraw.lines(context, this.area, this.sweep, this.axes, this.sweep.inside, this.colours);
      rg.sweepDraw.frame(context, this.area, this.axes, this.colours);
      for (const { mark } of this.heads) mark();
      this.under.setAttribute('aria-label', rg.say('{left} of {all} trials as lines over {axes}; all of them are in the table below', {
        left: rg.count(this.sweep.left), all: rg.count(this.sweep.runs.id.length), axes: this.axes.map((axis) => axis.title).join(', '),
      }));
      this.front();
    }

    front() {
      if (!this.area) return;
      const context = this.frontPen;
      context.clearRect(0, 0, this.area.width, this.area.height);
      const i = this.sweep.places.get(rg.hovered.get());
      if (i === undefined) {
        this.said.textContent = this.hint;
        return;
      }
      rg.sweepDraw.front(context, this.area, this.sweep, this.axes, i, this.colours);
      const { name, state } = this.sweep.runs;
      this.said.textContent = name[i] + (this.sweep.runs.tint[i] < 0 ? ' (' + rg.say(state[i]) + ')' : '');
    }
  }

  rg.SweepParallel = SweepParallel;
})();
