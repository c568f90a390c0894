/* A chart of the page of a run: the small picture in the page (reportgen/site/small_chart.py) becomes a line chart in its place. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const DIGITS = 7;
  const ROUNDED = 6;
  const MANY = 6;

  /** The place of the value next to a position in ascending positions, -1 when there is none. */
  function nearest(x, at) {
    const right = rg.lines.place(x, at);
    if (right >= x.length) return x.length - 1;
    return right > 0 && at - x[right - 1] <= x[right] - at ? right - 1 : right;
  }

  class Card {
    /** @param board What its charts have in common: `view`, `point(axis, x, card)`, `root`. */
    constructor(board, element) {
      Object.assign(this, { board, element });
      this.said = element.querySelector('.metric-said');
      this.rest = [...this.said.childNodes];
      this.label = element.querySelector('svg').getAttribute('aria-label');
      this.done = rg.create('span', 'metric-done');
      element.querySelector('.metric-name').after(this.done);
      element.dataset.root = board.root;
    }

    failed() {
      this.done.textContent = rg.say('This chart could not be loaded.');
    }

    subtitle() {
      return [this.said.textContent, this.done.textContent].filter(Boolean).join(' · ');
    }

    /** Draws lines over an axis; the picture below keeps the place, and is what is printed. */
    draw(axis, shown) {
      this.axis = axis;
      if (!this.chart) {
        const holder = rg.create('div', 'lines-holder');
        this.element.querySelector('.metric-plot').append(holder);
        this.chart = new rg.LineChart(holder, {
          hover: () => undefined, choose: () => undefined, brush: () => undefined,
          zoom: (range) => this.board.view.setZoom(range, this.axis), at: (x) => this.board.point(this.axis, x, this),
        });
        this.element.classList.add('is-live');
        rg.lines.offer(this.element, this);
      }
      const zoom = this.board.view.zoom();
      this.chart.isQuiet = shown.lines.length === 1;
      this.chart.show({
        kind: ['time', 'wall'].includes(axis) ? axis : 'linear', title: rg.dashboard.titleOf(axis), isLog: false, isTrimmed: false, percent: false,
        zoom: zoom && zoom[0] === axis ? zoom.slice(1) : null, label: this.label, ...shown,
      });
      this.read(null);
    }

    /** Says the values at a position; for null what is said at rest. */
    read(at) {
      const parts = at === null ? this.rested() : this.valuesAt(at);
      this.said.replaceChildren(...parts);
    }

    rested() {
      return this.rest;
    }
  }

  /** A metric of the run. */
  class MetricCard extends Card {
    async update() {
      const { board, element } = this;
      if (!this.metric) this.metric = await board.metric(Number(element.dataset.metric));
      const { about } = this.metric;
      const { view } = board;
      const axis = view.get('x') || about.axis;
      this.curve = (await this.metric.along(axis)).get(0);
      const isLog = view.get('log') === 'y' || (about.log && view.get('log') !== 'off');
      const weight = Number(view.get('smooth')) || 0;
      const isTrimmed = view.get('outliers') === 'hide';
      this.weight = weight;
      this.done.textContent = this.words(axis).join(', ');
      for (const note of element.querySelectorAll('.metric-note[data-axis]')) note.hidden = note.dataset.axis !== axis;
      const lines = this.lines(weight, isLog);
      const empty = lines.length ? rg.say('No value above zero for the logarithmic axis.') : rg.say('Not logged over {axis}.', { axis: rg.dashboard.titleOf(axis) });
      this.draw(axis, { lines, isLog, isTrimmed, percent: about.percent, empty });
    }

    lines(weight, isLog) {
      const { curve, board } = this;
      if (!curve || !curve.x.length) return [];
      const y = weight ? rg.lines.smoothed(curve.x, curve.y, weight, isLog) : curve.y;
      this.smooth = y;
      return [{ id: 'run', label: this.element.dataset.title, x: curve.x, y, raw: weight ? curve : null, colour: board.colour, isFront: true }];
    }

    /** What was done to the data, and what is missing. */
    words(axis) {
      const { metric, weight, curve, board } = this;
      const said = [];
      const thinned = metric.value.logged;
      if (weight) said.push(thinned ? rg.say('EMA {weight} of the drawn points', { weight }) : rg.say('EMA {weight}', { weight }));
      if (board.view.get('outliers') === 'hide') said.push(rg.say('scale of the central 96 %'));
      if (curve && curve.dropped && axis !== metric.about.axis) said.push(rg.say('{n} values have no place on this axis', { n: rg.count(curve.dropped) }));
      return said;
    }

    rested() {
      const { value, about } = this.metric;
      const thinned = value.logged ? [' · ' + rg.say('{n} of {all} values', { n: rg.count(value.counts[0]), all: rg.count(value.logged[0]) })] : [];
      if (this.axis === about.axis || !this.curve) return [...this.rest, ...thinned];
      const last = this.curve.y.findLastIndex((one) => Number.isFinite(one));
      return last < 0 ? thinned : [...this.at(last, 4), ...thinned];
    }

    valuesAt(at) {
      const i = this.curve ? nearest(this.curve.x, at) : -1;
      return i < 0 ? this.rest : this.at(i, this.metric.about.rounded ? ROUNDED : DIGITS);
    }

    /** The i-th value as it was logged, and its smoothed one. */
    at(i, digits) {
      const { curve, chart, weight } = this;
      const where = ' ' + chart.title + ' ' + rg.lines.said(chart.kind, curve.x[i]);
      const smooth = weight ? ' · ' + rg.say('smoothed {value}', { value: this.text(this.smooth[i], 4) }) : '';
      return [rg.create('b', '', this.text(curve.y[i], digits)), where + smooth];
    }

    text(value, digits) {
      return this.metric.about.percent && Number.isFinite(value) ? rg.short(value * 100, digits) + '\u202f%' : rg.short(value, digits);
    }

    /** Of what is packed in four bytes, more than seven digits would only be noise. */
    columns(all) {
      if (!this.metric.about.rounded) return all;
      const title = this.element.dataset.title;
      return { ...all, [title]: all[title].map((value) => (Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : value)) };
    }
  }

  /** A measurement of the machine over the run's time: its values stand in the page. */
  class MeasurementCard extends Card {
    async update() {
      const { lines, colour, reach } = this.element.dataset;
      if (!this.lines) {
        const read = JSON.parse(lines);
        this.lines = read.map(([label, x, y]) => ({
          id: label, label, x: Float64Array.from(x), y: Float64Array.from(y, (one) => (one === null ? NaN : one)), colour, isFront: true,
          alpha: read.length > MANY ? 0.4 : 1,
        }));
      }
      const [ends, whole] = JSON.parse(reach);
      this.draw('time', { lines: this.lines, ends, whole });
    }

    valuesAt(at) {
      const found = this.lines.map(({ x, y }) => y[nearest(x, at)]).filter((value) => Number.isFinite(value));
      const text = found.length > 3 ? [Math.min(...found), Math.max(...found)].map((one) => rg.short(one)).join(' – ') : found.map((one) => rg.short(one)).join(', ');
      return [rg.create('b', '', text || '–'), ' ' + rg.say('at {position}', { position: rg.lines.said('time', at) })];
    }
  }

  rg.runCards = { MetricCard, MeasurementCard };
})();
