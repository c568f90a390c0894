/* A line chart under the pointer and the keys: the nearest line with a small table of values, zoom by dragging, a brush. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const ROWS = 9;
  const NEAR = 60;
  const DRAG = 5;

  /** The point of a line next to a position, -1 when it has none. */
  function nearest(line, at) {
    const { x } = line;
    const right = rg.lines.place(x, at);
    if (right >= x.length) return x.length - 1;
    return right > 0 && at - x[right - 1] < x[right] - at ? right - 1 : right;
  }

  /** The values of all lines at a position: [{line, i, value, distance}], the greatest first. */
  function valuesAt(chart, pixel, height) {
    const at = chart.xScale.at(pixel);
    const found = [];
    for (const line of chart.lines) {
      const i = nearest(line, at);
      if (i < 0) continue;
      const value = line.y[i];
      const away = Math.abs(chart.xScale.place(line.x[i]) - pixel);
      if (Number.isNaN(value) || away > NEAR) continue;
      const y = chart.yScale.place(value);
      found.push({ line, i, value, distance: Number.isFinite(y) ? Math.abs(y - height) + 0.2 * away : Infinity });
    }
    return found.sort((a, b) => b.value - a.value);
  }

  function valueText(chart, value) {
    if (chart.percent) return rg.short(value * 100, 4) + '\u202f%';
    return rg.short(value, 4);
  }

  /** The rows of the table: around the chosen one when there are many. */
  function around(found, chosen) {
    const at = Math.max(0, found.indexOf(chosen));
    const from = Math.max(0, Math.min(at - (ROWS >> 1), found.length - ROWS));
    return found.slice(from, from + ROWS);
  }

  function fill(chart, found, chosen, pixel) {
    const { tip } = chart;
    const at = chosen ? chosen.line.x[chosen.i] : chart.xScale.at(pixel);
    const head = rg.create('div', 'lines-tip-head', chart.title + ' ' + rg.lines.said(chart.kind, at));
    const rows = around(found, chosen).map((one) => {
      const row = rg.create('div', one === chosen ? 'is-chosen' : '');
      const dot = rg.create('i', 'run-dot');
      dot.style.setProperty('--run', (one === chosen && one.line.own) || chart.colourOf(one.line));
      row.append(dot, rg.create('span', 'lines-tip-name', one.line.label), rg.create('span', 'lines-tip-value', valueText(chart, one.value)));
      return row;
    });
    tip.replaceChildren(head, ...rows);
    if (found.length > ROWS) tip.append(rg.create('div', 'lines-tip-more', rg.say('{n} of {all} lines', { n: rg.count(ROWS), all: rg.count(found.length) })));
    tip.hidden = false;
    const isRight = pixel > chart.width / 2;
    tip.style.left = isRight ? 'auto' : pixel + 14 + 'px';
    tip.style.right = isRight ? chart.width - pixel + 14 + 'px' : 'auto';
  }

  class Pointers {
    constructor(chart) {
      this.chart = chart;
      const { base } = chart;
      base.addEventListener('pointermove', (event) => this.move(event));
      base.addEventListener('pointerdown', (event) => this.down(event));
      base.addEventListener('pointerup', (event) => this.up(event));
      base.addEventListener('pointercancel', () => this.cancel());
      base.addEventListener('pointerleave', () => { if (!this.from) this.leave(); });
      base.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
      base.addEventListener('dblclick', () => chart.act.zoom(null));
      base.addEventListener('keydown', (event) => this.key(event));
      base.addEventListener('blur', () => this.leave());
    }

    point(event) {
      const box = this.chart.base.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    }

    move(event) {
      if (this.chart.isEmpty || !this.chart.area) return;
      const [x, y] = this.point(event);
      if (this.from && Math.hypot(x - this.from[0], y - this.from[1]) > DRAG) this.isDragged = true;
      if (this.isDragged) this.drag(x, y);
      else this.read(x, y);
    }

    /** Shows the values at a place of the canvas and marks the nearest line. */
    read(x, y) {
      const { chart } = this;
      const { area } = chart;
      this.at = Math.min(Math.max(x, area.left), area.left + area.width);
      const found = valuesAt(chart, this.at, y);
      const chosen = found.reduce((best, one) => (!best || one.distance < best.distance ? one : best), null);
      this.found = found;
      this.tell(found, chosen);
    }

    tell(found, chosen) {
      const { chart } = this;
      this.chosen = chosen;
      const pixel = chosen ? chart.xScale.place(chosen.line.x[chosen.i]) : this.at;
      chart.rule = (context) => this.drawRule(context, pixel, chosen);
      if (chosen) chart.act.hover(chosen.line);
      if (chart.act.at) chart.act.at(chosen ? chosen.line.x[chosen.i] : chart.xScale.at(pixel));
      chart.mark(chosen ? chosen.line.id : '');
      if (found.length && !chart.isQuiet) fill(chart, found, chosen, pixel);
      else chart.tip.hidden = true;
    }

    drawRule(context, pixel, chosen) {
      const { chart } = this;
      context.strokeStyle = chart.colours.muted;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(Math.round(pixel) + 0.5, chart.area.top);
      context.lineTo(Math.round(pixel) + 0.5, chart.area.top + chart.area.height);
      context.stroke();
      if (!chosen || !Number.isFinite(chart.yScale.place(chosen.value))) return;
      context.fillStyle = chosen.line.own || chart.colourOf(chosen.line);
      context.strokeStyle = chart.colours.paper;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(pixel, chart.yScale.place(chosen.value), 4.5, 0, 7);
      context.stroke();
      context.fill();
    }

    leave() {
      const { chart } = this;
      chart.rule = undefined;
      chart.tip.hidden = true;
      this.chosen = null;
      chart.act.hover(null);
      if (chart.act.at) chart.act.at(null);
      chart.mark('');
    }

    /** Shows where the pointer is in another chart: `at` is a position on the same axis, null for none. */
    follow(at) {
      const { chart } = this;
      if (chart.isEmpty || !chart.area) return;
      chart.rule = undefined;
      if (at !== null && at >= chart.xScale.low && at <= chart.xScale.high) {
        const [line] = chart.lines;
        const i = chart.lines.length === 1 ? nearest(line, at) : -1;
        const chosen = i < 0 || Number.isNaN(line.y[i]) ? null : { line, i, value: line.y[i] };
        chart.rule = (context) => this.drawRule(context, chart.xScale.place(chosen ? line.x[i] : at), chosen);
      }
      chart.mark('');
    }

    /** With Ctrl (a pinch on a trackpad is told as that) the wheel zooms around the pointer; without, the page scrolls. */
    wheel(event) {
      if (!event.ctrlKey || this.chart.isEmpty || !this.chart.area) return;
      event.preventDefault();
      this.zoomBy(1.1 ** Math.sign(event.deltaY), this.chart.xScale.at(this.point(event)[0]));
    }

    down(event) {
      if (event.button || this.chart.isEmpty) return;
      this.from = this.point(event);
      this.isDragged = false;
      this.isBrush = event.shiftKey || this.chart.isBrush;
      this.chart.base.setPointerCapture(event.pointerId);
    }

    drag(x, y) {
      const { chart, from, isBrush } = this;
      const { area } = chart;
      const [top, bottom] = isBrush ? [Math.min(y, from[1]), Math.max(y, from[1])] : [area.top, area.top + area.height];
      chart.tip.hidden = true;
      chart.rule = (context) => {
        context.globalAlpha = 0.15;
        context.fillStyle = chart.colours.accent;
        context.fillRect(Math.min(from[0], x), top, Math.abs(x - from[0]), bottom - top);
        context.globalAlpha = 1;
        context.strokeStyle = chart.colours.accent;
        context.strokeRect(Math.min(from[0], x), top, Math.abs(x - from[0]), bottom - top);
      };
      chart.mark('');
    }

    up(event) {
      if (!this.from) return;
      const [x, y] = this.point(event);
      const { from, chart } = this;
      this.from = null;
      if (!this.isDragged) {
        if (this.chosen && event.pointerType === 'mouse') chart.act.choose(this.chosen.line);
        return;
      }
      this.isDragged = false;
      this.leave();
      const [low, high] = [from[0], x].sort((a, b) => a - b).map((pixel) => chart.xScale.at(pixel));
      if (this.isBrush) chart.act.brush(this.passing(low, high, [from[1], y].sort((a, b) => b - a).map((pixel) => chart.yScale.at(pixel))));
      else chart.act.zoom([Math.max(low, chart.xScale.low), Math.min(high, chart.xScale.high)]);
    }

    cancel() {
      this.from = null;
      this.isDragged = false;
      this.leave();
    }

    /** The lines that pass a rectangle: with a point in it, or between two points. */
    passing(low, high, [bottom, top]) {
      const side = (value) => (value < bottom ? -1 : value > top ? 1 : 0);
      return this.chart.lines.filter(({ x, y }) => {
        let before = NaN;
        for (let i = rg.lines.place(x, low); i < x.length && x[i] <= high; i++) {
          if (!Number.isFinite(y[i])) continue;
          if (side(y[i]) === 0 || side(y[i]) === -before) return true;
          before = side(y[i]);
        }
        return false;
      });
    }

    key(event) {
      const { chart } = this;
      if (chart.isEmpty || event.ctrlKey || event.metaKey || event.altKey) return;
      const { xScale: x, area } = chart;
      const act = {
        ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1),
        ArrowUp: () => this.other(-1), ArrowDown: () => this.other(1),
        '+': () => this.zoomBy(0.5), '=': () => this.zoomBy(0.5), '-': () => this.zoomBy(2), 0: () => chart.act.zoom(null),
        Enter: () => this.chosen && chart.act.choose(this.chosen.line),
        Escape: () => this.leave(),
      }[event.key];
      if (!act || !x || !area) return;
      event.preventDefault();
      act();
      if (this.chosen) chart.said.textContent = this.sentence();
    }

    sentence() {
      const { line, i, value } = this.chosen;
      return line.label + ': ' + valueText(this.chart, value) + ', ' + this.chart.title + ' ' + rg.lines.said(this.chart.kind, line.x[i]);
    }

    /** To the next point of the line, from the middle of the chart at first. */
    step(by) {
      const { chart } = this;
      if (!this.chosen) return this.read(chart.area.left + chart.area.width / 2, chart.area.top + chart.area.height / 2);
      const { line, i } = this.chosen;
      const next = Math.min(Math.max(i + by, 0), line.x.length - 1);
      this.at = chart.xScale.place(line.x[next]);
      const found = valuesAt(chart, this.at, 0);
      return this.tell(found, found.find((one) => one.line === line) || null);
    }

    /** To the line above or below. */
    other(by) {
      if (!this.chosen) return this.step(0);
      const found = valuesAt(this.chart, this.at, 0);
      const at = found.findIndex((one) => one.line === this.chosen.line);
      return this.tell(found, found[Math.min(Math.max(at + by, 0), found.length - 1)] || null);
    }

    zoomBy(factor, around) {
      const { xScale: x } = this.chart;
      const middle = around !== undefined ? around : this.chosen ? this.chosen.line.x[this.chosen.i] : (x.low + x.high) / 2;
      const whole = this.chart.reach();
      const low = Math.max(whole[0], middle - (middle - x.low) * factor);
      const high = Math.min(whole[1], middle + (x.high - middle) * factor);
      this.chart.act.zoom(low <= whole[0] && high >= whole[1] ? null : [low, high]);
    }
  }

  rg.lines = Object.assign(rg.lines || {}, { pointers: (chart) => new Pointers(chart) });
})();
