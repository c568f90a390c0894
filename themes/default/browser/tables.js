/* Tables of runs: sort by a click on a head, filter, copy (tables-copy.js). What the reader made of a table
   is kept in the address (?t1.sort=val/acc:desc&t1.filter=adam), so that a link shows the same. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const create = rg.create;
  const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
  const FILTER_FROM = 8;
  const WHOLE_UP_TO = 60;
  const BOXED_FROM = 14;
  const AT_ONCE = 150;
  const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

  /** What is seen in a cell: its value without the marks and the difference beside it. */
  function seen(cell) {
    return (cell.querySelector('.value, .run') || cell).textContent.trim();
  }

  function exact(cell) {
    if (cell.dataset.copy !== undefined) return cell.dataset.copy;
    return cell.dataset.value !== undefined ? cell.dataset.value : seen(cell);
  }

  /** [rank, key]: numbers come before text, and what is missing or not a number comes last in both directions. */
  function sortKey(cell) {
    const value = cell.dataset.value !== undefined ? cell.dataset.value : seen(cell);
    if (value === '') return [2, 0];
    if (NUMBER.test(value)) return [0, Number(value)];
    if (!cell.classList.contains('number')) return [1, value];
    if (/^[-+]?inf$/.test(value)) return [0, value[0] === '-' ? -Infinity : Infinity];
    return value === 'nan' || value === 'null' ? [2, 0] : [1, value];
  }

  function compareKeys(a, b, sign) {
    if (a[0] !== b[0]) return a[0] - b[0];
    if (a[0] === 2) return 0;
    if (a[0] === 1) return sign * collator.compare(a[1], b[1]);
    return sign * (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
  }

  class DataTable {
    constructor(table, position) {
      this.table = table;
      this.name = table.dataset.name || 't' + position;
      this.body = table.tBodies[0];
      this.heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
      this.rows = [...this.body.rows];
      this.order = this.rows;
      this.waiting = [];
      this.texts = new Map();
      this.wholeUpTo = table.closest('.data-table.boxed') ? BOXED_FROM - 1 : WHOLE_UP_TO;
      this.status = create('span', 'table-status');
      this.status.setAttribute('role', 'status');
    }

    enhance() {
      const scroll = this.table.closest('.table-scroll') || this.table;
      scroll.before(this.toolbar());
      this.watch(scroll);
      if (this.table.dataset.sortable === undefined || this.rows.length < 2) return;
      this.heads.filter((head) => head.dataset.name !== undefined).forEach((head) => this.makeSortable(head));
      const [, key, direction] = /^(.*):(asc|desc)$/.exec(rg.view.get(this.name + '.sort')) || [];
      const head = this.heads.find((one) => one.dataset.name === key);
      if (key !== undefined && head) this.sortBy(head, direction + 'ending');
    }

    /** A table that fits stands in the page as it is, and its head sticks to the window; another one shows that there is more. */
    watch(scroll) {
      const isTall = this.rows.length > this.wholeUpTo;
      scroll.classList.toggle('is-tall', isTall);
      const edges = () => {
        scroll.classList.toggle('is-whole', !isTall && this.table.offsetWidth <= scroll.clientWidth);
      };
      rg.watchEdges(scroll);
      scroll.addEventListener('scroll', () => {
        if (scroll.scrollTop + 3 * scroll.clientHeight > scroll.scrollHeight) this.follow(AT_ONCE);
      }, { passive: true });
      window.addEventListener('beforeprint', () => this.follow(this.rows.length));
      new ResizeObserver(edges).observe(scroll);
    }

    makeSortable(head) {
      const button = create('button', 'sort');
      button.type = 'button';
      button.append(...head.childNodes);
      button.addEventListener('click', () => this.cycle(head));
      head.append(button);
    }

    /** The best first, then the other way round, then as it was. */
    cycle(head) {
      const first = head.dataset.goal === 'max' ? 'descending' : 'ascending';
      const second = first === 'ascending' ? 'descending' : 'ascending';
      const now = head.getAttribute('aria-sort');
      const next = now === first ? second : now === second ? '' : first;
      this.sortBy(head, next);
      rg.view.set({ [this.name + '.sort']: next && head.dataset.name + ':' + next.replace('ending', '') });
    }

    sortBy(head, direction) {
      for (const one of this.heads) one.removeAttribute('aria-sort');
      let order = this.rows;
      if (direction) {
        const column = this.heads.indexOf(head);
        const sign = direction === 'descending' ? -1 : 1;
        const keys = new Map(this.rows.map((row) => [row, sortKey(row.cells[column])]));
        order = [...this.rows].sort((a, b) => compareKeys(keys.get(a), keys.get(b), sign));
        head.setAttribute('aria-sort', direction);
      }
      this.order = order;
      this.arrange();
    }

    /** Puts the rows in their order. Of very many only the first are laid out; the others follow when they are scrolled to. */
    arrange() {
      if (this.rows.length <= 2 * AT_ONCE) {
        this.body.append(...this.order);
        return;
      }
      this.keepWidths();
      this.waiting = this.order.filter((row) => !row.hidden);
      this.body.replaceChildren(...this.waiting.splice(0, AT_ONCE));
      this.table.closest('.table-scroll').scrollTop = 0;
    }

    follow(count) {
      if (this.waiting.length) this.body.append(...this.waiting.splice(0, count));
    }

    /** The columns stay as wide as all rows made them. */
    keepWidths() {
      if (this.table.style.tableLayout) return;
      const columns = create('colgroup');
      const widths = this.heads.map((head) => head.getBoundingClientRect().width);
      for (const width of widths) columns.append(Object.assign(create('col'), { style: 'width:' + width + 'px' }));
      this.table.prepend(columns);
      this.table.style.tableLayout = 'fixed';
    }

    filter(text) {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const row of this.rows) {
        row.hidden = !words.every((word) => this.searched(row).includes(word));
        if (!row.hidden) count += 1;
      }
      if (this.rows.length > 2 * AT_ONCE) this.arrange();
      this.count(words.length ? count : undefined);
    }

    /** How many rows are left of all; of a table that is not seen whole, how many there are. */
    count(left) {
      const all = rg.count(this.rows.length);
      if (left !== undefined) this.status.textContent = rg.say('{left} of {all}', { left: rg.count(left), all });
      else this.status.textContent = this.rows.length > this.wholeUpTo ? rg.say('{all} rows', { all }) : '';
    }

    searched(row) {
      if (!this.texts.has(row)) {
        this.texts.set(row, [...row.cells].map((cell) => seen(cell) + '\n' + exact(cell)).join('\n').toLowerCase());
      }
      return this.texts.get(row);
    }

    /** The rows and columns as they are shown, without the pictures. */
    shown(isExact) {
      const keep = (cell, i) => this.heads[i].dataset.name !== undefined;
      const rows = this.order.filter((row) => !row.hidden && !row.cells[0].classList.contains('drawn'));
      const asData = (cell) => ({
        text: isExact ? exact(cell) : seen(cell),
        best: cell.classList.contains('best'),
        like: cell.classList.contains('like-best'),
        number: cell.classList.contains('number'),
      });
      return {
        heads: this.heads.filter(keep).map((head) => head.dataset.name),
        numbers: this.heads.filter(keep).map((head) => head.classList.contains('number')),
        rows: rows.map((row) => [...row.cells].filter(keep).map(asData)),
      };
    }

    toolbar() {
      const tools = create('div', 'table-tools');
      this.count();
      const many = this.table.classList.contains('transposed') ? 2 * FILTER_FROM : FILTER_FROM;
      if (this.rows.length >= many) tools.append(this.filterBox());
      else tools.classList.add('is-small');
      tools.append(this.status, rg.tableCopy((isExact) => this.shown(isExact), tools, this.status));
      return tools;
    }

    filterBox() {
      const box = create('input', 'table-filter');
      let later = 0;
      box.type = 'search';
      box.placeholder = rg.say('Filter rows');
      box.setAttribute('aria-label', box.placeholder);
      box.value = rg.view.get(this.name + '.filter');
      box.addEventListener('input', () => {
        this.filter(box.value);
        clearTimeout(later);
        later = setTimeout(() => rg.view.set({ [this.name + '.filter']: box.value.trim() }), 200);
      });
      if (box.value) this.filter(box.value);
      return box;
    }
  }

  const TABLES = 'table.data:not([data-grid] *)';

  rg.each(TABLES, (table) => {
    const position = [...document.querySelectorAll(TABLES)].indexOf(table) + 1;
    if (table.tHead && table.tBodies.length) new DataTable(table, position).enhance();
  });
})();
