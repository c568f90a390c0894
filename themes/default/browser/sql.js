/* The page for queries: the text, its answer, the tables beside it. The text and the order are in the address. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const sql = (rg.sql = rg.sql || {});
  const MOST = 100_000;
  const MODIFIER = /mac/i.test(navigator.platform) ? '⌘' : 'Ctrl';

  class Page {
    constructor(element, index) {
      Object.assign(this, { element, index, root: element.dataset.root, turn: 0 });
      const part = (name) => element.querySelector(`[data-sql-${name}]`);
      this.field = element.querySelector('.sql-text');
      [this.button, this.trouble, this.status, this.answer, this.still] = ['run', 'trouble', 'status', 'answer', 'still'].map(part);
      this.line = element.querySelector('.sql-line');
      this.engine = new sql.Engine(this.root, index);
      this.names = Object.entries(index.tables).flatMap(([name, { columns }]) => [name, ...columns]);
    }

    start() {
      const first = this.field.dataset.first;
      this.field.value = rg.view.get('sql') || first;
      this.button.disabled = false;
      this.button.addEventListener('click', () => (this.isBusy ? this.stop() : this.run()));
      this.field.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        this.run();
      });
      this.element.querySelector('.sql-key kbd').textContent = MODIFIER;
      for (const one of this.element.querySelectorAll('[data-sql-example]')) one.addEventListener('click', () => this.use(one.dataset.sqlExample));
      for (const one of this.element.querySelectorAll('[data-sql-insert]')) one.addEventListener('click', () => this.insert(one.dataset.sqlInsert));
      this.run(true);
    }

    /** Puts a query into the field and asks it. */
    use(text) {
      this.field.value = text;
      this.run();
    }

    /** Puts a name where the reader writes. */
    insert(name) {
      const { field } = this;
      const isBehindWord = /[\w"]$/.test(field.value.slice(0, field.selectionStart));
      field.setRangeText((isBehindWord ? ' ' : '') + name, field.selectionStart, field.selectionEnd, 'end');
      field.focus();
    }

    stop() {
      this.turn += 1;
      this.end();
      this.busy(false);
      this.status.textContent = rg.say('Stopped.');
    }

    /** Ends DuckDB; the next query starts it anew. */
    end() {
      this.engine.stop();
      this.isThere = false;
    }

    busy(isBusy) {
      this.isBusy = isBusy;
      this.button.textContent = isBusy ? rg.say('Stop') : rg.say('Run');
      this.element.toggleAttribute('data-busy', isBusy);
    }

    /** Asks what stands in the field. `isFirst`: on arrival the order is the address's; afterwards a new query has none. */
    async run(isFirst = false) {
      const turn = ++this.turn;
      if (this.isBusy && this.isThere) this.end();
      const text = this.field.value.trim();
      const isSame = text === this.asked;
      this.asked = text;
      rg.view.set({ sql: text === this.field.dataset.first ? '' : text, ...(isFirst || isSame ? {} : { sort: '' }) });
      this.busy(true);
      this.status.textContent = this.isThere ? rg.say('Running …') : rg.say('Starting DuckDB …');
      this.trouble.textContent = '';
      try {
        await this.engine.start();
        this.isThere = true;
        if (turn !== this.turn) return;
        this.status.textContent = rg.say('Running …');
        const answer = await this.engine.ask(sql.quoted(text, this.names), MOST);
        if (turn === this.turn) await this.show(answer);
      } catch (error) {
        if (turn === this.turn) this.complain(error, text);
      } finally {
        if (turn === this.turn) this.busy(false);
      }
    }

    complain(error, text) {
      this.status.textContent = '';
      if (error instanceof sql.Complaint && this.isThere) {
        this.trouble.textContent = text ? rg.plain(sql.complaint(error, text, Object.keys(this.index.tables))) : rg.say('the query is empty');
      } else {
        this.trouble.textContent = rg.say('DuckDB does not run in this browser: {why}', { why: error.message });
        this.end();
      }
      this.field.setAttribute('aria-invalid', String(error instanceof sql.Complaint));
    }

    async show(answer) {
      this.still?.remove();
      this.field.removeAttribute('aria-invalid');
      this.sheet = sql.sheet(answer, this.index.runs);
      if (!this.view) this.furnish();
      this.view.use(this.sheet, rg.say('The answer'));
      await this.arrange();
      const rows = answer.rows === 1 ? rg.say('1 row') : rg.say('{n} rows', { n: rg.count(answer.rows) });
      const shown = answer.hasMore ? rg.say('The first {rows}; there are more', { rows }) : rows;
      this.status.textContent = rg.say('{rows} in {n} ms', { rows: shown, n: rg.count(Math.max(1, Math.round(1000 * answer.seconds))) });
    }

    /** The table, and beside the status what can be taken from it. */
    furnish() {
      this.view = new rg.grid.View(this.answer, this.root, { sort: (column) => this.sortBy(column), pick() {}, open() {}, toggle() {} });
      const save = rg.create('button', 'sql-save', rg.say('Save CSV'));
      save.type = 'button';
      save.addEventListener('click', () => sql.save(rg.csv(sql.shown(this.sheet, this.order, true)), 'answer.csv', 'text/csv'));
      this.line.append(rg.tableCopy((isExact) => sql.shown(this.sheet, this.order, isExact), this.line, this.status), save);
    }

    sorted() {
      const [, name, direction] = /^(.*):(asc|desc)$/.exec(rg.view.get('sort')) || [];
      return [this.sheet.columns.find((column) => column.name === name), direction];
    }

    async arrange() {
      const { sheet } = this;
      const [column, direction] = this.sorted();
      let order = Int32Array.from({ length: sheet.rows }, (_, i) => i);
      if (column) order = await rg.grid.sort(sheet, order, column, direction === 'desc', () => sheet !== this.sheet);
      if (!order || sheet !== this.sheet) return;
      this.order = order;
      this.view.mark(column, direction === 'desc');
      this.view.show(order);
    }

    sortBy(column) {
      const [now, direction] = this.sorted();
      const next = now !== column ? 'asc' : direction === 'asc' ? 'desc' : '';
      rg.view.set({ sort: next && column.name + ':' + next });
      this.arrange();
    }
  }

  rg.key([MODIFIER, 'Enter'], () => rg.say('in the query: run it'), '[data-sql]');

  rg.ready(async () => {
    const element = document.querySelector('[data-sql]');
    if (!element) return;
    const index = await rg.valueOf(element.dataset.root, element.dataset.index);
    new Page(element, index).start();
  });
})();
