/* The charts of the page of a run: one toolbar for all of them, a search, groups that fold, one pointer over all; what is set is in the address. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const MANY = 6;

  class RunCharts {
    constructor(element, measured) {
      Object.assign(this, { element, root: element.dataset.root, metrics: element.querySelector('.metrics') });
      this.view = new rg.dashboard.View(['x', 'smooth', 'log', 'outliers', 'metrics', 'fold', 'zoom']);
      const metrics = [...element.querySelectorAll('[data-metric]')].map((one) => new rg.runCards.MetricCard(this, one));
      const measurements = measured.map((one) => new rg.runCards.MeasurementCard(this, one));
      const [line] = element.querySelectorAll('.small-chart .lines');
      this.colour = line ? line.getAttribute('stroke') : '';
      this.groups = [...element.querySelectorAll('.metric-group')];
      if (metrics.length) this.lay();
      this.queue = new rg.lines.Queue([...metrics, ...measurements], element);
      this.view.on((names) => this.changed(names));
    }

    lay() {
      const { view, element, metrics } = this;
      const { controls } = rg;
      const told = Boolean(metrics.querySelector('.metric-card[data-axis]'));
      const x = controls.xChoice(view, JSON.parse(element.dataset.axes), told);
      const smooth = controls.smoothing(view);
      const log = controls.logCheck(view);
      const outliers = controls.outliersCheck(view);
      const search = controls.field(view, 'metrics', rg.say('Find metrics'), 80);
      search.classList.add('key-filter');
      search.hidden = metrics.querySelectorAll('.metric-card').length <= MANY;
      this.whole = controls.button(rg.say('Undo the zoom'), '', () => view.set({ zoom: '' }));
      this.controls = [x, smooth, log, outliers, search];
      const bar = rg.create('div', 'dash-toolbar');
      bar.setAttribute('role', 'group');
      bar.setAttribute('aria-label', rg.say('What the charts show'));
      this.hint = rg.create('span', 'metrics-hint', rg.say('Drag to zoom, double-click to reset.'));
      bar.append(controls.labelled(rg.say('x axis'), x), smooth, log, outliers, search, this.whole, controls.reset(view), controls.copyLink(view), this.hint);
      this.status = rg.create('p', 'dash-empty');
      this.status.setAttribute('role', 'status');
      this.status.hidden = true;
      metrics.prepend(bar, this.status);
      const folded = view.list('fold');
      for (const group of this.groups) {
        group.open = !folded.includes(group.dataset.group);
        group.addEventListener('toggle', () => this.fold());
      }
      this.follow();
      this.search();
    }

    fold() {
      this.view.setList('fold', this.groups.filter((group) => !group.open).map((group) => group.dataset.group));
    }

    changed(names) {
      if (names.has('metrics')) this.search();
      if (names.has('fold') && names.size > 1 && !this.view.get('fold')) for (const group of this.groups) group.open = true;
      this.follow();
      if (![...names].every((name) => name === 'metrics' || name === 'fold')) this.queue.update();
    }

    follow() {
      if (!this.controls) return;
      for (const control of this.controls) control.follow();
      this.hint.hidden = Boolean(this.view.get('zoom'));
      this.whole.hidden = !this.hint.hidden;
    }

    /** Shows the metrics that a search finds. */
    search() {
      const words = this.view.get('metrics').toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const group of this.groups) {
        let here = 0;
        for (const card of group.querySelectorAll('.metric-card')) {
          card.hidden = !words.every((word) => card.dataset.title.toLowerCase().includes(word));
          here += card.hidden ? 0 : 1;
        }
        group.hidden = !here;
        group.querySelector('.count').textContent = rg.count(here);
        found += here;
      }
      this.status.textContent = found ? '' : rg.say('No metric has “{text}” in its name.', { text: this.view.get('metrics') });
      this.status.hidden = Boolean(found);
    }

    /** A metric, when the script with all of them is there. */
    async metric(place) {
      this.data = this.data || rg.valueOf(this.root, this.element.dataset.script);
      const { metrics, columns, start } = await this.data;
      const { value, ...about } = metrics[place];
      const x = Object.fromEntries(Object.entries(value.x).map(([axis, column]) => [axis, columns[column]]));
      return new rg.lines.Metric(this.root, about, { ...value, x }, [start === null ? NaN : start]);
    }

    /** The pointer is at a position of an axis, null for nowhere: every chart in view over the same axis says its value there. */
    point(axis, at, from) {
      this.pointed = [axis, at, from];
      if (this.isPointing) return;
      this.isPointing = true;
      requestAnimationFrame(() => {
        this.isPointing = false;
        const [over, position, source] = this.pointed;
        for (const card of this.queue.inView) {
          if (!card.chart) continue;
          const isSame = card.axis === over;
          if (card !== source) card.chart.pointers.follow(isSame ? position : null);
          card.read(isSame ? position : null);
        }
      });
    }
  }

  rg.ready(() => {
    const element = document.querySelector('[data-run-charts]');
    const measured = [...document.querySelectorAll('.metric-card[data-lines]')];
    if (element) new RunCharts(element, measured);
  });
})();
