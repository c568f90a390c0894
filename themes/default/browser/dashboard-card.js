/* The chart of one metric of the dashboard: which lines it has, what they are, and what was done to them. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const BANDS = {
    minmax: () => rg.say('band from least to greatest'),
    se: () => rg.say('band: ± one standard error'),
    bootstrap: () => rg.say('band: 95 % bootstrap interval of the mean (200 resamples)'),
    none: () => '',
  };

  class Card {
    /** @param board The dashboard: its table, view and what its charts do. */
    constructor(board, about) {
      Object.assign(this, { board, about, turn: 0 });
      this.element = rg.create('figure', 'dash-card');
      Object.assign(this.element.dataset, { metric: about.key, title: rg.plain(about.key), root: board.root });
      const head = rg.create('figcaption');
      const name = rg.create('span', 'dash-card-name');
      const leaf = about.key.slice(prefixOf(about.key).length);
      if (leaf !== about.key) name.append(rg.create('span', 'prefix', rg.plain(about.key.slice(0, -leaf.length))));
      name.append(rg.plain(leaf));
      this.note = rg.create('span', 'dash-card-note');
      head.append(name, this.note);
      this.holder = rg.create('div', 'lines-holder');
      this.element.append(head, this.holder);
    }

    /** Loads what it needs and draws itself; a later call makes an earlier one stop. */
    async update() {
      const turn = ++this.turn;
      const { board, about } = this;
      if (!this.metric) this.metric = await rg.lines.load(board.root, about, board.table.data.runs.start);
      const axis = this.axis();
      const curves = await this.metric.along(axis);
      if (turn !== this.turn) return;
      const isLog = board.view.get('log') === 'y' || (about.log && board.view.get('log') !== 'off');
      const settings = { axis, isLog, weight: Number(board.view.get('smooth')) || 0 };
      const lines = board.table.groups ? await this.groupLines(curves, settings, () => turn !== this.turn) : this.runLines(curves, settings);
      if (turn !== this.turn || !lines) return;
      this.draw(lines, settings, curves);
    }

    subtitle() {
      return this.note.textContent;
    }

    failed() {
      this.note.textContent = rg.say('This chart could not be loaded.');
    }

    axis() {
      return this.board.view.get('x') || this.about.axis;
    }

    runLines(curves, { axis, weight, isLog }) {
      const { table } = this.board;
      const { id, name, colour } = table.data.runs;
      const drawn = this.drawn(curves);
      const few = drawn.length <= 24;
      const lines = [];
      for (const i of drawn) {
        const curve = curves.get(i);
        const y = weight ? this.smooth(i, axis, curve, weight, isLog) : curve.y;
        lines.push({
          id: id[i], label: rg.plain(name[i] || id[i]), x: curve.x, y, raw: weight && few ? { x: curve.x, y: curve.y } : null,
          colour: table.colours.get(i), own: colour[i], isFront: Boolean(table.colours.get(i)),
        });
      }
      return lines.reverse().sort((a, b) => a.isFront - b.isFront);
    }

    /** The first of the shown runs that have the metric, or all of them. */
    drawn(curves) {
      const { shown, most } = this.board.table;
      const having = [];
      for (const i of shown) {
        if (having.length >= most) break;
        if (curves.has(i) && curves.get(i).x.length) having.push(i);
      }
      return having;
    }

    /** A smoothed curve; kept until the smoothing changes. */
    smooth(i, axis, curve, weight, isLog) {
      const key = [axis, weight, isLog].join();
      if (this.smoothKey !== key) [this.smoothKey, this.smoothed] = [key, new Map()];
      if (!this.smoothed.has(i)) this.smoothed.set(i, rg.lines.smoothed(curve.x, curve.y, weight, isLog));
      return this.smoothed.get(i);
    }

    async groupLines(curves, settings, isStale) {
      const { table, view } = this.board;
      const rest = rg.lines.pieces();
      const kind = view.get('band') || 'minmax';
      const lines = [];
      for (const group of table.groups) {
        const members = group.runs.filter((i) => curves.has(i) && curves.get(i).x.length);
        if (!members.length) continue;
        const mean = await this.mean(group.key, members, curves, settings, rest);
        if (!(kind in mean.bands)) mean.bands[kind] = members.length > 1 ? await rg.lines.band(kind, mean, mean.curves, rest) : null;
        if (isStale()) return null;
        const ids = new Set(members.map((i) => table.data.runs.id[i]));
        const label = group.label + ' (' + rg.say('{n} runs', { n: members.length }) + ')';
        lines.push({ id: 'group:' + group.key, ids, label, x: mean.x, y: mean.y, band: mean.bands[kind], colour: group.colour, isFront: true });
      }
      return lines;
    }

    /** What `moments` gives for the runs of a group, with its `curves` and the `bands` made so far; kept until it is of others. */
    async mean(name, members, curves, { axis, weight, isLog }, rest) {
      const key = [axis, weight, isLog, ...members].join();
      if (!this.means) this.means = new Map();
      const known = this.means.get(name);
      if (known && known.key === key) return known;
      const smooth = [];
      for (const i of members) {
        const curve = curves.get(i);
        smooth.push(weight ? { x: curve.x, y: this.smooth(i, axis, curve, weight, isLog) } : curve);
        await rest();
      }
      const mean = Object.assign(await rg.lines.moments(smooth, rest), { key, curves: smooth, bands: {} });
      this.means.set(name, mean);
      return mean;
    }

    draw(lines, settings, curves) {
      const { board, about } = this;
      if (!this.chart) {
        this.chart = new rg.LineChart(this.holder, { ...board.acts, zoom: (range) => board.view.setZoom(range, this.axis()) });
        rg.lines.offer(this.element, this);
      }
      const zoom = board.view.zoom();
      const kind = ['time', 'wall'].includes(settings.axis) ? settings.axis : 'linear';
      this.note.textContent = this.done(lines, settings, curves);
      this.chart.isSmooth = settings.weight > 0;
      this.chart.isBrush = board.view.get('drag') === 'select';
      this.chart.show({
        lines, kind, title: titleOf(settings.axis), isLog: settings.isLog, percent: about.percent, zoom: zoom && zoom[0] === settings.axis ? zoom.slice(1) : null,
        isTrimmed: board.view.get('outliers') === 'hide', label: this.words(lines, settings), empty: this.empty(lines, settings),
      });
      this.chart.mark(rg.hovered.get());
    }

    /** Why there is nothing. */
    empty(lines, { axis, isLog }) {
      if (lines.length) return isLog ? rg.say('No value above zero for the logarithmic axis.') : '';
      const { table } = this.board;
      if (!table.shown.length) return rg.say('No run is shown.');
      const has = table.shown.some((i) => this.metric.value.runs.includes(i));
      return has ? rg.say('Not logged over {axis}.', { axis: titleOf(axis) }) : rg.say('None of the shown runs has it.');
    }

    /** What was done to the data, and what is missing. */
    done(lines, { weight }, curves) {
      const { table, view } = this.board;
      const said = [];
      if (table.groups && lines.length) {
        const sizes = lines.map((line) => line.ids.size);
        const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
        said.push(rg.say('mean of {n} runs', { n: least === most ? least : least + '–' + most }));
        if (lines.some((line) => line.band)) said.push(BANDS[view.get('band') || 'minmax']());
      }
      if (weight) said.push(this.metric.isThinned ? rg.say('EMA {weight} of the drawn points', { weight }) : rg.say('EMA {weight}', { weight }));
      if (view.get('outliers') === 'hide') said.push(rg.say('scale of the central 96 %'));
      let [gaps, dropped, having] = [0, 0, 0];
      for (const i of table.shown) {
        const curve = curves.get(i);
        if (curve) [gaps, dropped, having] = [gaps + this.gaps(i, curve), dropped + curve.dropped, having + 1];
      }
      const named = { n: rg.count(having), all: rg.count(table.shown.length), drawn: rg.count(lines.length) };
      if (!table.groups && having > table.most) said.push(rg.say('the first {drawn} of {n} runs', named));
      else if (having && having < table.shown.length) said.push(rg.say('{n} of {all} runs have it', named));
      if (gaps) said.push(rg.say('{n} values that are not finite are gaps', { n: rg.count(gaps) }));
      if (dropped) said.push(rg.say('{n} values have no place on this axis', { n: rg.count(dropped) }));
      return said.join(', ');
    }

    gaps(i, curve) {
      if (!this.gapCounts) this.gapCounts = new Map();
      if (!this.gapCounts.has(i)) {
        let count = 0;
        for (const value of curve.y) if (!Number.isFinite(value)) count += 1;
        this.gapCounts.set(i, count);
      }
      return this.gapCounts.get(i);
    }

    /** The chart in words, for those who do not see it. */
    words(lines, { axis }) {
      const { about } = this;
      const last = lines.map((line) => [line.label, line.y.findLast((value) => Number.isFinite(value))]).filter(([, value]) => value !== undefined);
      const head = rg.say('{metric} over {axis}: {n} lines', { metric: rg.plain(about.key), axis: titleOf(axis), n: rg.count(lines.length) });
      if (!last.length) return head + '.';
      last.sort((a, b) => b[1] - a[1]);
      const [high, low] = [last[0], last[last.length - 1]];
      return head + '; ' + rg.say('at the end {low} ({lowest}) to {high} ({highest}).', { low: rg.short(low[1]), lowest: low[0], high: rg.short(high[1]), highest: high[0] });
    }
  }

  /** What a metric's name begins with, up to and with the first slash. */
  function prefixOf(key) {
    const at = key.indexOf('/');
    return at > 0 && at < key.length - 1 ? key.slice(0, at + 1) : '';
  }

  function titleOf(axis) {
    return { time: rg.say('time since start'), wall: rg.say('time, UTC'), step: rg.say('step') }[axis] || rg.plain(axis);
  }

  rg.dashboard = Object.assign(rg.dashboard || {}, { Card, prefixOf, titleOf });
})();
