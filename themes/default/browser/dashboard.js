/* The page of all runs: toolbar, list or table of the runs, charts of all metrics, all following one view (dashboard-view.js). */
(function () {
  'use strict';

  const rg = window.reportgen;
  const ONLY_CHARTS = new Set(['x', 'smooth', 'band', 'log', 'outliers', 'zoom', 'drag']);
  const MOST_BRUSHED = 400;

  class Board {
    constructor(element, data) {
      Object.assign(this, { element, root: element.dataset.root });
      this.view = new rg.dashboard.View();
      this.table = new rg.dashboard.RunTable(this.root, data, this.view);
      this.acts = {
        hover: (line) => rg.hovered.set(line ? line.id : ''),
        choose: (line) => this.runActs.isolate(line.ids ? [...line.ids] : [line.id]),
        brush: (lines) => this.brush(lines),
      };
      this.runActs = new rg.dashboard.RunActs(this.table, this.view);
    }

    async start() {
      const brushed = this.view.list('brush');
      // A shared signal: other parts of the page may narrow the runs, too.
      if (brushed.length) rg.brushed.set(new Set(brushed));
      await this.table.need(this.table.wanted());
      this.table.compute();
      this.lay();
      this.charts.search();
      this.follow();
      this.element.hidden = false;
      this.rows.show();
      this.view.on((changed) => this.changed(changed));
      rg.hovered.on((id) => this.charts.mark(id));
      rg.brushed.on((runs) => this.view.setList('brush', runs ? [...runs] : []));
    }

    lay() {
      this.toolbar = rg.dashboard.toolbar(this);
      this.charts = new rg.dashboard.Charts(this);
      this.list = new rg.dashboard.RunList(this.table, this.view, this.runActs);
      this.grid = new rg.dashboard.RunGrid(this.table, this.view, this.runActs);
      this.choice = new rg.dashboard.ColumnChoice(this.table, this.view);
      const body = rg.create('div', 'dash-body');
      this.side = this.makeSide();
      const right = rg.create('div', 'dash-right');
      const hint = rg.create('p', 'dash-hint', rg.say('Drag in a chart to zoom all, Shift and drag to select runs, double-click for the whole. A click on a line shows its run alone.'));
      right.append(hint, this.charts.element);
      const { left } = this.table.data;
      if (left.length) right.append(rg.create('p', 'section-note', rg.say('{n} more metrics have no chart here; they are on the pages of the runs.', { n: rg.count(left.length) })));
      body.append(this.side, right);
      this.element.append(this.toolbar, body);
    }

    /** The runs: a list, or a table as wide as the page; on a phone they fold above the charts. */
    makeSide() {
      const side = rg.create('details', 'dash-side');
      side.open = window.innerWidth > 760;
      this.heading = rg.create('summary');
      const tools = rg.create('div', 'dash-side-tools');
      const filter = rg.dashboard.field(this.view, 'filter', rg.say('Filter: words, or lr < 0.01'), 120);
      filter.classList.add('key-filter');
      this.filter = filter;
      this.filter.setAttribute('aria-describedby', 'dash-mistake');
      this.mistake = rg.create('p', 'dash-mistake');
      this.mistake.id = 'dash-mistake';
      this.mistake.setAttribute('role', 'alert');
      this.switch = rg.dashboard.button('', '', () => this.view.set({ view: this.view.get('view') === 'table' ? '' : 'table' }));
      this.columns = rg.dashboard.button(rg.say('Columns'), rg.say('choose and order the columns'), () => this.choice.open());
      tools.append(filter, this.switch, this.columns);
      this.status = rg.create('p', 'dash-status');
      this.status.setAttribute('role', 'status');
      this.more = rg.create('p', 'dash-more');
      side.append(this.heading, tools, this.mistake, this.status, this.more, this.list.box, this.grid.box);
      return side;
    }

    get rows() {
      return this.view.get('view') === 'table' ? this.grid : this.list;
    }

    /** Answers a change of the view: only what it concerns is computed and drawn again. */
    async changed(names) {
      const isOf = (...several) => several.some((name) => names.has(name));
      if (isOf('metrics')) this.charts.search();
      if ([...names].every((name) => name === 'metrics' || name === 'fold')) return this.follow();
      // While values are loaded the reader may ask for others.
      for (let loading = this.table.need(this.table.wanted()); loading; loading = this.table.need(this.table.wanted())) await loading;
      if ([...names].some((name) => !ONLY_CHARTS.has(name))) this.table.compute();
      this.follow();
      if ([...names].some((name) => !ONLY_CHARTS.has(name))) this.rows.show();
      if (![...names].every((name) => ['view', 'columns', 'baseline'].includes(name))) this.charts.update();
      return undefined;
    }

    /** Sets the controls and the words to the view. */
    follow() {
      const { table, view } = this;
      this.toolbar.follow();
      this.filter.follow();
      const isTable = view.get('view') === 'table';
      this.element.classList.toggle('has-table', isTable);
      this.list.box.hidden = isTable;
      this.grid.box.hidden = this.columns.hidden = !isTable;
      this.switch.textContent = isTable ? rg.say('List') : rg.say('Table');
      this.switch.title = isTable ? rg.say('a list beside the charts') : rg.say('a table over the whole width');
      this.mistake.textContent = table.mistake ? rg.say('The condition is not applied: {what}.', { what: table.mistake }) : '';
      const all = rg.count(table.count);
      this.heading.textContent = rg.say('Runs') + ' ';
      this.heading.append(rg.create('span', 'count', table.listed.length < table.count ? rg.say('{n} of {all}', { n: rg.count(table.listed.length), all }) : all));
      this.status.textContent = table.shown.length < table.listed.length ? rg.say('{n} of them shown', { n: rg.count(table.shown.length) }) : '';
      this.follows();
    }

    /** What is narrowed or left out, each with the way back. */
    follows() {
      const { table, view } = this;
      const parts = [];
      const back = (text, act) => rg.dashboard.button(text, '', act);
      if (!table.listed.length && view.get('filter')) parts.push(rg.say('No run fits the filter.'), back(rg.say('Show all runs'), () => view.set({ filter: '' })));
      if (table.most < table.shown.length) {
        parts.push(rg.say('Each chart draws the first {n} that have its metric.', { n: rg.count(table.most) }), back(rg.say('Draw all'), () => view.set({ show: 'all' })));
      } else if (view.get('show') === 'all' && table.shown.length > rg.dashboard.most) {
        parts.push(back(rg.say('Draw the first {n} only', { n: rg.dashboard.most }), () => view.set({ show: '' })));
      }
      if (rg.brushed.get()) parts.push(rg.say('Selected in a chart: {n}.', { n: rg.count(rg.brushed.get().size) }), back(rg.say('Undo'), () => rg.brushed.set(null)));
      if (view.get('only') || view.get('hide')) parts.push(back(rg.say('Show all runs'), () => view.set({ only: '', hide: '' })));
      if (view.get('zoom')) parts.push(back(rg.say('Undo the zoom'), () => view.set({ zoom: '' })));
      this.more.replaceChildren(...parts.flatMap((part) => [part, ' ']));
      this.more.hidden = !parts.length;
    }

    brush(lines) {
      const { id } = this.table.data.runs;
      const several = lines.flatMap((line) => (line.ids ? [...line.ids] : [line.id]));
      const known = several.filter((one) => this.table.place.has(one)).slice(0, MOST_BRUSHED);
      if (known.length && known.length < id.length) rg.brushed.set(new Set(known));
    }
  }

  async function start() {
    const element = document.querySelector('[data-dashboard]');
    if (!element) return;
    try {
      const data = await rg.valueOf(element.dataset.root, element.dataset.script);
      await new Board(element, data).start();
    } catch (error) {
      // The table for paper is better than nothing.
      document.documentElement.dataset.dashboard = 'failed';
      throw error;
    }
  }

  rg.key(['Enter'], () => rg.say('in a chart of the dashboard: show the marked run alone'), '[data-dashboard]');
  rg.key(['Shift'], () => rg.say('while dragging in a chart: select the runs that pass there'), '[data-dashboard]');
  rg.key(['+', '−', '0'], () => rg.say('in a chart: zoom all charts, and back'), '[data-dashboard], .metric-card');
  rg.key(['←', '→', '↑', '↓'], () => rg.say('in a chart: to the next point or line'), '[data-dashboard], .metric-card');
  rg.ready(start);
})();
