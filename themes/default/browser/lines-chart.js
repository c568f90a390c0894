/* A line chart on a canvas: the lines that it is given, their axes, zoom and what is marked. lines-hover.js reads values from it. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const MANY = 24;
  const LOW = 160;

  class LineChart {
    /**
     * @param holder The element that the chart is put into.
     * @param act What happens: `hover(line)`, `choose(line)`, `zoom([low, high] or null)`, `brush(lines)`; `at(x or null)` where somebody
     *   wants to know where the pointer is.
     */
    constructor(holder, act) {
      this.holder = holder;
      this.act = act;
      this.base = rg.create('canvas', 'lines-base');
      this.base.setAttribute('role', 'img');
      this.base.tabIndex = 0;
      this.over = rg.create('canvas', 'lines-over');
      this.over.setAttribute('aria-hidden', 'true');
      this.tip = rg.create('div', 'lines-tip');
      this.tip.hidden = true;
      this.tip.setAttribute('aria-hidden', 'true');
      this.said = rg.create('span', 'said');
      this.said.setAttribute('role', 'status');
      holder.append(this.base, this.over, this.tip, this.said);
      this.lines = [];
      this.marked = '';
      this.pointers = rg.lines.pointers(this);
    }

    /**
     * Draws the chart.
     * @param shown lines ({id, label, colour, isFront, x, y, raw, band, alpha}), in drawing order; kind, title (of x), isLog, percent,
     *   zoom, isTrimmed (the scale leaves outliers out), label (the text alternative); ends, whole: the ranges of x and y in place of those of the lines.
     */
    show(shown) {
      Object.assign(this, shown);
      this.base.setAttribute('aria-label', this.label);
      this.draw();
    }

    draw() {
      const width = this.holder.clientWidth;
      if (!width) return;
      this.width = width;
      this.height = this.holder.clientHeight;
      this.colours = rg.colours(this.holder);
      this.paint(rg.context(this.base, width, this.height));
      this.isSized = false;
      this.mark(this.marked);
    }

    /** Draws axes and lines, on any context: also on one that makes an SVG (lines-save.js). */
    paint(context) {
      this.isEmpty = !this.scales(context, this.width);
      if (this.isEmpty) this.nothing(context);
      else this.drawLines(context);
    }

    /** Sets the scales and the place of the plot; false when no value can be drawn. */
    scales(context, width) {
      const across = this.zoom || this.reach();
      if (!across) return false;
      const [low, high] = across[0] < across[1] ? across : [across[0] - 0.5, across[1] + 0.5];
      const up = (!this.isLog && !this.isTrimmed && this.whole) || this.range(low, high);
      if (!up) return false;
      const kind = this.isLog ? 'log' : 'linear';
      const labels = (scale, count) => scale.ticks(count).map(([value, text]) => [value, this.percent ? rg.short(value * 100, 4) + '\u202f%' : text]);
      this.yTicks = labels(rg.lines.scale(kind, up[0], up[1], 1, 0), this.height < LOW ? 3 : 5);
      this.area = rg.lines.area(context, width, this.height, this.colours, this.yTicks.map(([, text]) => text));
      this.xScale = rg.lines.scale(this.kind, low, high, this.area.left, this.area.left + this.area.width);
      this.yScale = rg.lines.scale(kind, up[0], up[1], this.area.top + this.area.height, this.area.top);
      return true;
    }

    /** From the first to the last position of all lines. */
    reach() {
      if (this.ends) return this.ends;
      let low = Infinity;
      let high = -Infinity;
      for (const { x } of this.lines) {
        if (x.length && x[0] < low) [low] = x;
        if (x.length && x[x.length - 1] > high) high = x[x.length - 1];
      }
      return low <= high ? [low, high] : null;
    }

    /** The range of what is seen between two positions. */
    range(from, to) {
      let low = Infinity;
      let high = -Infinity;
      const sample = [];
      const every = Math.max(1, Math.round(this.lines.reduce((sum, line) => sum + line.x.length, 0) / 20000));
      const take = (x, y, isSampled) => {
        const end = rg.lines.place(x, to + 1e-9 * Math.abs(to));
        for (let i = rg.lines.place(x, from); i < end; i++) {
          const value = y[i];
          if (!Number.isFinite(value) || (this.isLog && value <= 0)) continue;
          if (value < low) low = value;
          if (value > high) high = value;
          if (isSampled && this.isTrimmed && i % every === 0) sample.push(value);
        }
      };
      for (const line of this.lines) {
        take(line.x, line.y, true);
        if (line.raw) take(line.raw.x, line.raw.y, false);
        if (line.band) [line.band.low, line.band.high].forEach((y) => take(line.x, y, false));
      }
      if (!(low <= high)) return null;
      if (this.isTrimmed && sample.length) {
        const sorted = Float64Array.from(sample).sort();
        low = sorted[Math.floor(0.02 * (sorted.length - 1))];
        high = sorted[Math.ceil(0.98 * (sorted.length - 1))];
      }
      const [down, up] = rg.lines.nice(low, high, this.isLog);
      return [down, this.percent && high <= 1 ? Math.min(up, 1) : up];
    }

    nothing(context) {
      context.font = '14px ' + this.colours.sans;
      context.fillStyle = this.colours.muted;
      context.textAlign = 'center';
      context.fillText(this.empty || rg.say('No finite value to draw.'), this.width / 2, this.height / 2, this.width - 16);
    }

    drawLines(context) {
      const { xScale: x, yScale: y } = this;
      rg.lines.grid(context, this.area, x, y, this.colours, { x: this.title, yTicks: this.yTicks });
      context.save();
      rg.lines.clip(context, this.area);
      const isMany = this.lines.length > MANY;
      for (const line of this.lines) if (line.band) rg.lines.fillBand(context, line, x, y, this.colourOf(line));
      context.globalAlpha = 0.25;
      if (!isMany) for (const line of this.lines) if (line.raw) rg.lines.stroke(context, line.raw, x, y, this.colourOf(line), 1);
      for (const line of this.lines) {
        // Of many lines the picture is where they are dense.
        context.globalAlpha = line.alpha || (line.isFront ? 1 : isMany ? Math.max(0.12, 0.7 - this.lines.length / 200) : 0.7);
        // So do the ups and downs of a curve with several values per pixel.
        const width = !line.isFront ? 1 : line.x.length > this.area.width && !line.raw ? 1.25 : 1.75;
        rg.lines.stroke(context, line, x, y, this.colourOf(line), width, isMany && !line.isFront ? 2 : 1);
      }
      context.restore();
    }

    colourOf(line) {
      return line.colour || this.colours.muted;
    }

    lineOf(id) {
      return id ? this.lines.find((line) => line.id === id || (line.ids && line.ids.has(id))) : undefined;
    }

    /** Marks a run's line (or that of its group): it is drawn in front, the others step back. */
    mark(id) {
      this.marked = id;
      const line = this.isEmpty ? undefined : this.lineOf(id);
      this.base.classList.toggle('is-back', Boolean(line) && this.lines.length > 1);
      if (!this.area || (!line && !this.isSized && !this.rule)) {
        this.over.hidden = !this.rule;
        return;
      }
      this.over.hidden = false;
      const context = this.cleared();
      if (line) this.drawMarked(context, line);
      if (this.rule) this.rule(context);
    }

    cleared() {
      if (!this.isSized) {
        this.isSized = true;
        return rg.context(this.over, this.width, this.height);
      }
      const context = this.over.getContext('2d');
      context.clearRect(0, 0, this.width, this.height);
      return context;
    }

    drawMarked(context, line) {
      const { xScale: x, yScale: y } = this;
      context.save();
      rg.lines.clip(context, this.area);
      const colour = line.own || this.colourOf(line);
      if (line.raw) {
        context.globalAlpha = 0.35;
        rg.lines.stroke(context, line.raw, x, y, colour, 1);
        context.globalAlpha = 1;
      }
      if (line.band) rg.lines.fillBand(context, line, x, y, colour);
      rg.lines.stroke(context, line, x, y, this.colours.paper, 5);
      rg.lines.stroke(context, line, x, y, colour, 2.5);
      context.restore();
    }
  }

  rg.LineChart = LineChart;
})();
