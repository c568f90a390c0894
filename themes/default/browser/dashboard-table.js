/* The table of runs over the whole width: chosen columns in a chosen order, sorted by a click on a head, with the difference to a baseline. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const HEIGHT = 32;
  const SAMPLE = 300;
  const LETTER = 8;

  /** The name of an attribute where the page's language has another word for it; '' for all other columns. */
  function attribute(name) {
    const said = rg.columnName(name);
    return said === rg.plain(name) ? '' : said;
  }

  /** The best value of a column with a direction. */
  function bestOf(table, column) {
    if (!column.goal || column.kind !== 'number') return null;
    let best = null;
    for (const i of table.listed) {
      const value = table.value(column.name, i);
      if (value === null || Number.isNaN(Number(value))) continue;
      if (best === null || (column.goal === 'max' ? value > best : value < best)) best = value;
    }
    return best;
  }

  class RunGrid {
    constructor(table, view, acts) {
      Object.assign(this, { table, view, acts });
      this.box = rg.create('div', 'table-scroll runs-table');
      this.box.tabIndex = 0;
      this.box.setAttribute('role', 'region');
      this.box.setAttribute('aria-label', rg.say('Table of the runs'));
      this.grid = rg.create('table', 'data');
      this.widths = rg.create('colgroup');
      this.head = rg.create('thead');
      this.body = rg.create('tbody');
      this.grid.append(this.widths, this.head, this.body);
      this.box.append(this.grid);
      this.rows = new rg.Rows(this.box, this.body, 'tr', HEIGHT, (i) => this.row(this.entries[i], i));
      this.mark = rg.dashboard.follows(this.body);
      this.body.addEventListener('click', (event) => this.acts.click(event));
      this.head.addEventListener('click', (event) => this.sort(event));
      rg.watchEdges(this.box);
    }

    show() {
      const { table } = this;
      this.columns = table.shownColumns().map((name) => table.columns.get(name));
      this.entries = rg.dashboard.entries(table);
      this.base = table.place.get(this.view.get('baseline'));
      this.best = new Map(this.columns.map((column) => [column, bestOf(table, column)]));
      this.lay();
      this.grid.setAttribute('aria-rowcount', this.entries.length + 1);
      this.rows.show(this.entries.length);
      this.mark();
    }

    /** The heads and the widths of the columns: the rows come and go, so that they cannot tell. */
    lay() {
      const wide = (texts, most) => Math.min(most, Math.max(...texts.map((text) => text.length), 4)) * LETTER + 30;
      const some = this.table.listed.slice(0, SAMPLE);
      const widths = this.columns.map((column) => {
        const texts = some.map((i) => rg.columnText(column, this.table.value(column.name, i)));
        return wide([...texts, column.name.replace(/^config\./, '')], 34) + (this.base !== undefined && column.kind === 'number' ? 76 : 0);
      });
      const names = some.map((i) => this.table.data.runs.name[i]);
      const all = [wide(names, 30) + 58, ...widths];
      this.widths.replaceChildren(...all.map((width) => Object.assign(rg.create('col'), { style: 'width:' + Math.ceil(width) + 'px' })));
      this.grid.style.width = Math.ceil(all.reduce((sum, width) => sum + width, 0)) + 'px';
      const row = rg.create('tr');
      row.append(this.headCell('name', rg.say('run'), false), ...this.columns.map((column) => this.headCell(column.name, attribute(column.name), column.kind === 'number')));
      this.head.replaceChildren(row);
    }

    headCell(name, label, isNumber) {
      const cell = rg.create('th', isNumber ? 'number' : 'text');
      cell.scope = 'col';
      cell.title = attribute(name) ? rg.say('{column}, in conditions {name}', { column: attribute(name), name }) : name;
      const [sorted, sign] = this.table.order();
      if (sorted === name) cell.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
      const button = rg.create('button', 'sort');
      button.type = 'button';
      button.dataset.sort = name;
      const whole = label || name.replace(/^config\./, '');
      const leaf = label || rg.dashboard.leaf(name);
      if (whole !== leaf && whole.endsWith(leaf)) button.append(rg.create('span', 'prefix', rg.plain(whole.slice(0, -leaf.length))), rg.plain(leaf));
      else button.append(rg.plain(whole));
      cell.append(button);
      return cell;
    }

    /** The best first, then the other way round, then as it was. */
    sort(event) {
      const name = event.target.closest('[data-sort]')?.dataset.sort;
      if (!name) return;
      const first = this.table.columns.get(name).goal === 'max' ? 'desc' : 'asc';
      const second = first === 'asc' ? 'desc' : 'asc';
      const now = this.view.get('sort');
      this.view.set({ sort: now === name + ':' + first ? name + ':' + second : now === name + ':' + second ? '' : name + ':' + first });
      this.head.querySelector('[data-sort="' + CSS.escape(name) + '"]')?.focus();
    }

    row(entry, at) {
      const row = rg.create('tr');
      row.setAttribute('aria-rowindex', at + 2);
      if (entry.group) {
        const cell = rg.create('th', 'runs-group-head');
        cell.scope = 'rowgroup';
        cell.colSpan = this.columns.length + 1;
        const dot = rg.create('i', 'run-dot');
        dot.style.setProperty('--run', entry.group.colour || 'var(--muted)');
        cell.append(dot, entry.group.label + ' ', rg.create('span', 'count', rg.say('{n} runs', { n: rg.count(entry.group.all.length) })));
        row.append(cell);
        return row;
      }
      const i = entry.run;
      const id = this.table.data.runs.id[i];
      row.dataset.run = id;
      row.className = [this.table.isShown(i) ? '' : 'is-hidden', i === this.base ? 'baseline' : '', id === rg.hovered.get() ? 'is-hovered' : ''].join(' ').trim();
      row.append(this.nameCell(i), ...this.columns.map((column) => this.cell(column, i)));
      return row;
    }

    nameCell(i) {
      const { id, name, page } = this.table.data.runs;
      const cell = rg.create('th', 'text');
      cell.scope = 'row';
      const link = rg.create('a', 'run', rg.plain(name[i] || id[i]));
      link.href = this.table.root + 'runs/' + encodeURIComponent(page[i]) + '.html';
      link.title = rg.plain(name[i]);
      const pin = rg.create('button', 'run-pin', i === this.base ? rg.say('baseline') : '⌖');
      pin.type = 'button';
      pin.dataset.act = 'pin';
      pin.setAttribute('aria-pressed', String(i === this.base));
      pin.setAttribute('aria-label', rg.say('Compare all with {run}', { run: rg.plain(name[i] || id[i]) }));
      pin.title = rg.say('compare all with this run');
      cell.append(this.acts.eye(i), link, pin);
      return cell;
    }

    cell(column, i) {
      const value = this.table.value(column.name, i);
      const cell = rg.create('td', column.kind === 'number' ? 'number' : 'text');
      if (value === null) {
        cell.classList.add('missing');
        cell.append(rg.create('span', 'value', '—'));
        return cell;
      }
      const text = rg.columnText(column, value);
      const exact = rg.columnExact(column, value);
      if (exact !== text && column.name !== 'state') cell.title = exact;
      if (this.best.get(column) !== null && value === this.best.get(column)) {
        cell.classList.add('best');
        cell.append(rg.create('span', 'said', rg.say('best:') + ' '));
      }
      cell.append(rg.create('span', column.name === 'state' ? 'value state state-' + exact : 'value', text));
      if (this.base !== undefined && i !== this.base && column.kind === 'number') this.difference(cell, column, value);
      return cell;
    }

    difference(cell, column, value) {
      const base = this.table.value(column.name, this.base);
      const change = Number(value) - Number(base);
      if (base === null || !Number.isFinite(change)) return;
      const isBetter = column.goal && change !== 0 ? (column.goal === 'max') === change > 0 : null;
      const delta = rg.create('span', 'delta' + (isBetter === null ? '' : isBetter ? ' better' : ' worse'), rg.columnDifference(column, change));
      if (isBetter !== null) {
        const sign = rg.create('span', '', isBetter ? ' ▲' : ' ▼');
        sign.setAttribute('aria-hidden', 'true');
        delta.append(sign, rg.create('span', 'said', ' ' + (isBetter ? rg.say('better') : rg.say('worse'))));
      }
      cell.append(' ', delta);
    }
  }

  rg.dashboard = Object.assign(rg.dashboard || {}, { RunGrid });
})();
