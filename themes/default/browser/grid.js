/* The page of a logged table: which run and step, sorting, filtering, grouping, comparing; all of it in the address. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const grid = rg.grid;
  const AT_MOST = 10000;
  const KINDS = { number: 'number', bool: 'boolean' };

  class Page {
    constructor(element, index) {
      Object.assign(this, { element, index, root: element.dataset.root, turn: 0, closed: new Set() });
      this.sheets = index.sheets;
      this.still = element.querySelector('[data-still]');
      this.tools = rg.create('div', 'grid-tools');
      this.said = rg.create('p', 'grid-said');
      this.said.setAttribute('role', 'status');
      this.line = rg.create('div', 'grid-line');
      this.picks = rg.create('div', 'grid-picks');
      this.trouble = rg.create('p', 'grid-trouble');
      this.trouble.id = 'grid-trouble';
      this.trouble.setAttribute('role', 'alert');
    }

    async start() {
      this.chosen = this.find(rg.view.get('run'), rg.view.get('step')) || this.sheets[this.index.first];
      this.other = this.find(rg.view.get('with'), rg.view.get('with-step'));
      this.controls = grid.controls(this);
      this.tools.append(...this.controls.parts);
      this.line.append(this.said, this.controls.status);
      this.line.append(rg.tableCopy((isExact) => this.copied(isExact), this.line, this.controls.status));
      this.element.prepend(this.tools, this.trouble, this.picks, this.line);
      this.view = new grid.View(this.element, this.root, {
        sort: (column) => this.sortBy(column),
        pick: (column, values) => this.pick(column, values),
        open: (column, row) => this.open(column, row),
        toggle: (group) => this.toggle(group),
      });
      await this.load();
      const [row, name] = [Number(rg.view.get('row')), rg.view.get('open')];
      const column = this.sheet?.columns.find((one) => one.name === name);
      if (column && row >= 1 && row <= this.sheet.rows && column.value(row - 1)) this.open(column, row - 1);
    }

    /** The table of a run at a step; its last one when no step is given. */
    find(run, step) {
      const several = this.sheets.filter((one) => one.run === run);
      return several.find((one) => String(one.step) === step) || several[several.length - 1];
    }

    /** Loads what is chosen and shows it. */
    async load() {
      const turn = ++this.turn;
      const isStale = () => turn !== this.turn;
      const first = await grid.sheet(this.root, this.chosen.script);
      const second = this.other ? await grid.sheet(this.root, this.other.script) : null;
      if (isStale()) return;
      this.joined = null;
      this.sheet = first;
      if (second) {
        const keys = grid.keys(first, second);
        const wanted = rg.view.get('key');
        this.key = wanted === '#' || !keys.length ? '' : keys.includes(wanted) ? wanted : keys[0];
        const side = (sheet, about) => ({ sheet, label: this.label(about), colour: about.colour });
        this.joined = await grid.join([side(first, this.chosen), side(second, this.other)], this.key, isStale);
        if (!this.joined) return;
        this.sheet = this.joined.sheet;
        this.controls.keys(keys, this.key);
      }
      this.controls.loaded(this.sheet, Boolean(second));
      this.view.use(this.sheet, rg.say('The table {key}', { key: this.index.key }));
      this.still?.remove();
      await this.arrange();
    }

    label(one) {
      return one.name + ' · ' + rg.say('step {n}', { n: rg.count(one.step) });
    }

    /** Filters, sorts and groups as the address says; the table is marked as busy until that is done. */
    async arrange(keepsPlace = false) {
      const turn = ++this.turn;
      this.view.table.dataset.busy = '';
      await this.arranged(() => turn !== this.turn, keepsPlace);
      if (turn === this.turn) delete this.view.table.dataset.busy;
    }

    async arranged(isStale, keepsPlace) {
      const sheet = this.sheet;
      let rows = await this.filtered(isStale);
      const [, name, direction] = /^(.*):(asc|desc)$/.exec(rg.view.get('sort')) || [];
      const column = sheet.columns.find((one) => one.name === name && !one.isMedia);
      if (rows && column) rows = await grid.sort(sheet, rows, column, direction === 'desc', isStale);
      const by = sheet.columns.find((one) => one.name === rg.view.get('group') && !one.isMedia);
      const groups = rows && by ? await grid.group(sheet, rows, by, isStale) : null;
      if (!rows || (by && !groups)) return;
      this.order = groups ? groups.flatMap((group) => group.rows) : rows;
      this.groups = groups;
      this.view.mark(column, direction === 'desc');
      grid.pick.show(sheet, this.view.heads, this.picks, () => {
        this.arrange();
        this.view.scroll.focus({ preventScroll: true });
      });
      this.view.show(groups ? this.items() : rows, keepsPlace);
      this.tell();
    }

    items() {
      return this.groups.flatMap((group) => {
        group.isClosed = this.closed.has(group.text);
        return group.isClosed ? [group] : [group, ...group.rows];
      });
    }

    toggle(group) {
      if (!this.closed.delete(group.text)) this.closed.add(group.text);
      this.view.show(this.items(), true);
      const button = [...this.view.body.querySelectorAll('.grid-toggle')].find((one) => one.textContent.startsWith(group.text || rg.say('missing')));
      if (button) button.focus();
    }

    /** The rows that hold the searched words and of which the condition is true; without the condition where it is wrong. */
    async filtered(isStale) {
      const { sheet } = this;
      const text = rg.view.get('where').trim();
      const words = rg.view.get('q');
      const tests = [this.joined && rg.view.get('changed') === '1' && this.joined.changed, grid.pick.test(sheet)];
      let trouble = '';
      try {
        if (text) tests.push(this.condition(text));
      } catch (error) {
        if (!(error instanceof rg.query.QueryError)) throw error;
        trouble = rg.say('“{text}” is not a condition: {why}', { text, why: error.message });
      }
      const all = tests.filter(Boolean);
      const rows = await grid.filter(sheet, words, all.length ? (i) => all.every((test) => test(i)) : null, isStale);
      this.trouble.textContent = trouble;
      this.controls.where.setAttribute('aria-invalid', String(Boolean(trouble)));
      return rows;
    }

    condition(text) {
      const columns = new Map(this.sheet.columns.filter((column) => !column.isMedia).map((column) => [column.name, column]));
      const tree = rg.query.parse(text, [...columns.keys()]);
      return rg.query.condition(tree, (name) => ({ kind: KINDS[columns.get(name).kind] || 'text', at: columns.get(name).value }));
    }

    sortBy(column) {
      const [, name, direction] = /^(.*):(asc|desc)$/.exec(rg.view.get('sort')) || [];
      const next = name !== column.name ? 'asc' : direction === 'asc' ? 'desc' : '';
      rg.view.set({ sort: next && column.name + ':' + next });
      this.arrange();
    }

    pick(column, values) {
      grid.pick.toggle(column, values);
      this.arrange();
    }

    open(column, row) {
      const opened = (shown, i) => rg.view.set(shown ? { open: shown.name, row: String(i + 1) } : { open: '', row: '' });
      grid.open({ sheet: this.sheet, root: this.root, order: [...this.order], opened }, column, row);
    }

    /** How many rows there are, how many are seen, and what they say. */
    tell() {
      const all = this.sheet.rows;
      const left = this.order.length;
      this.controls.status.textContent = left === all ? rg.say('{all} rows', { all: rg.count(all) }) : rg.say('{left} of {all}', { left: rg.count(left), all: rg.count(all) });
      this.said.replaceChildren(...grid.said(this));
    }

    copied(isExact) {
      const columns = this.sheet.columns;
      const rows = Array.from(this.order.slice(0, AT_MOST));
      const exact = (value) => (value === null ? '' : typeof value === 'object' ? value.caption || value.kind : String(value));
      return {
        heads: columns.map((column) => column.title || column.name),
        numbers: columns.map((column) => column.isNumber),
        rows: rows.map((i) => columns.map((column) => ({ text: isExact ? exact(column.value(i)) : column.text(i), number: column.isNumber }))),
      };
    }
  }

  rg.ready(async () => {
    const element = document.querySelector('[data-grid]');
    if (!element) return;
    const index = await rg.valueOf(element.dataset.root, element.dataset.index);
    await new Page(element, index).start();
  });
})();
