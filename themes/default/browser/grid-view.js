/* A table of any length: only the rows that are in view are in the page. The rows are all equally high. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const grid = rg.grid;
  const HEIGHTS = { image: 76, video: 116, audio: 58 };
  const ROW = 33;
  const BEYOND = 8;
  const LETTER = 7.6;
  const PADDING = 24;
  /* Browsers lay out elements up to some ten million pixels; a longer table is scrolled in proportion. */
  const HIGHEST = 8e6;

  grid.View = class {
    /**
     * @param box The element that the table is put into.
     * @param actions {sort(column), pick(column, values), open(column, row), toggle(group)}
     */
    constructor(box, root, actions) {
      Object.assign(this, { root, actions, sheet: null, items: [], made: new Map() });
      this.scroll = rg.create('div', 'table-scroll grid-scroll');
      this.scroll.tabIndex = 0;
      this.scroll.setAttribute('role', 'region');
      const wrapper = rg.create('div', 'data-table');
      this.table = rg.create('table', 'data grid-table');
      this.columns = rg.create('colgroup');
      this.head = rg.create('thead');
      this.body = rg.create('tbody');
      this.above = space();
      this.below = space();
      this.table.append(this.columns, this.head, this.body);
      this.scroll.append(this.table);
      wrapper.append(this.scroll);
      box.append(wrapper);
      let isAsked = false;
      this.scroll.addEventListener('scroll', () => {
        if (isAsked) return;
        isAsked = true;
        requestAnimationFrame(() => {
          isAsked = false;
          this.draw();
        });
      }, { passive: true });
      rg.watchEdges(this.scroll);
      new ResizeObserver(() => this.draw()).observe(this.scroll);
    }

    /** Shows another table; its rows come by `show`. */
    use(sheet, label) {
      this.sheet = sheet;
      this.height = Math.max(ROW, ...sheet.columns.map((column) => (grid.hasFiles(column) ? HEIGHTS[column.kind] || 0 : 0)));
      this.table.style.setProperty('--row', this.height + 'px');
      this.scroll.setAttribute('aria-label', label);
      const digits = String(sheet.rows).length;
      const widths = [Math.max(4, digits + 1), ...sheet.columns.map((column) => column.width)].map((letters) => letters * LETTER + PADDING);
      this.columns.replaceChildren(...widths.map((width) => Object.assign(rg.create('col'), { style: `width:${width}px` })));
      this.table.style.width = `max(100%, ${widths.reduce((sum, width) => sum + width, 0)}px)`;
      const corner = rg.create('th', 'number', rg.say('row'));
      corner.scope = 'col';
      this.heads = new Map(sheet.columns.map((column) => [column, grid.head(column, this.actions.sort, this.actions.pick)]));
      const row = rg.create('tr');
      row.append(corner, ...this.heads.values());
      this.head.replaceChildren(row);
      for (const one of [this.above, this.below]) one.firstChild.colSpan = widths.length;
      this.scroll.scrollLeft = 0;
    }

    /** Marks the column that the rows are sorted by. */
    mark(sorted, isDescending) {
      for (const [column, head] of this.heads) {
        if (column === sorted) head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
        else head.removeAttribute('aria-sort');
      }
    }

    /** Shows rows (numbers) and heads of groups (objects), in this order. */
    show(items, keepsPlace = false) {
      this.items = items;
      this.made.clear();
      this.table.setAttribute('aria-rowcount', items.length + 1);
      if (!keepsPlace) this.scroll.scrollTop = 0;
      this.first = -1;
      this.body.replaceChildren(this.above, this.below);
      this.draw();
    }

    draw() {
      if (!this.sheet) return;
      const count = this.items.length;
      const room = Math.max(200, this.scroll.clientHeight - this.head.offsetHeight);
      const total = Math.min(HIGHEST, count * this.height);
      const inView = Math.ceil(room / this.height) + 2 * BEYOND;
      // Where the table is not too long, this is scrollTop / height.
      const hidden = Math.max(1, total - room);
      const top = Math.min(hidden, this.scroll.scrollTop);
      const exact = (top / hidden) * Math.max(0, count - room / this.height);
      const first = Math.max(0, Math.min(Math.floor(exact) - BEYOND, count - inView));
      const last = Math.min(count, first + inView);
      if (first === this.first && last === this.last && total === this.total) return;
      Object.assign(this, { first, last, total });
      const over = Math.max(0, Math.min(top - (exact - first) * this.height, total - (last - first) * this.height));
      const rows = [];
      for (let k = first; k < last; k++) {
        if (!this.made.has(k)) this.made.set(k, this.row(k));
        rows.push(this.made.get(k));
      }
      for (const k of this.made.keys()) if (k < first - 3 * inView || k > last + 3 * inView) this.made.delete(k);
      this.above.firstChild.style.height = `${over}px`;
      this.below.firstChild.style.height = `${Math.max(0, total - over - (last - first) * this.height)}px`;
      this.place(rows);
    }

    /** Puts rows between the two spaces; those that stay are not touched, so that a playing sound plays on. */
    place(rows) {
      const wanted = new Set(rows);
      if (![...this.body.children].some((row) => wanted.has(row))) {
        this.body.replaceChildren(this.above, ...rows, this.below);
        return;
      }
      for (const row of [...this.body.children]) if (row !== this.above && row !== this.below && !wanted.has(row)) row.remove();
      let before = this.above;
      for (const row of rows) {
        if (before.nextSibling !== row) before.after(row);
        before = row;
      }
    }

    row(k) {
      const item = this.items[k];
      const row = typeof item === 'number' ? this.cells(item) : this.group(item);
      row.setAttribute('aria-rowindex', k + 2);
      return row;
    }

    cells(i) {
      const row = rg.create('tr', this.sheet.mark ? this.sheet.mark(i) : '');
      const head = rg.create('th', 'number', rg.count(i + 1));
      head.scope = 'row';
      row.append(head, ...this.sheet.columns.map((column) => grid.cell(this.sheet, column, i, this.root, this.actions.open)));
      return row;
    }

    /** The head of a group: its value, how many rows it has, and the means of its numbers. */
    group(group) {
      const row = rg.create('tr', 'grid-group');
      const head = rg.create('th', 'text');
      head.scope = 'rowgroup';
      head.colSpan = 2;
      const button = rg.create('button', 'grid-toggle', (group.text || rg.say('missing')) + ' ');
      button.type = 'button';
      button.setAttribute('aria-expanded', String(!group.isClosed));
      button.append(rg.create('span', 'count', this.counted(group)));
      button.addEventListener('click', () => this.actions.toggle(group));
      head.append(button);
      row.append(head);
      for (const column of this.sheet.columns.slice(1)) {
        const mean = group.means.get(column);
        const cell = rg.create('td', column.isNumber ? 'number' : 'text', mean === null || mean === undefined ? '' : '⌀ ' + rg.short(mean));
        row.append(cell);
      }
      return row;
    }

    counted(group) {
      const rows = rg.count(group.rows.length);
      if (!group.answered) return rows;
      return rg.say('{rows} · {right} right', { rows, right: rg.short((100 * group.right) / group.answered, 3) + '\u202f%' });
    }
  };

  function space() {
    const row = rg.create('tr', 'grid-space');
    const cell = rg.create('td');
    row.append(cell);
    row.setAttribute('aria-hidden', 'true');
    return row;
  }
})();
