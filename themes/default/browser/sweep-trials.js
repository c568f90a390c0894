/* The table of a sweep's trials: it shows those that are brushed, and marks the one under the pointer. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const HEIGHT = 32;
  const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

  class SweepTrials {
    constructor(place, sweep) {
      Object.assign(this, { place, sweep });
      const objectives = sweep.axes.filter((axis) => axis.goal).reverse();
      this.columns = [
        { key: 'trial', title: rg.say('trial'), text: (i) => sweep.runs.name[i], value: (i) => sweep.runs.name[i] },
        { key: 'state', title: rg.say('state'), text: (i) => rg.stateName(sweep.runs.state[i]), value: (i) => sweep.runs.state[i] },
        ...[...objectives, ...sweep.axes.filter((axis) => !axis.goal)].map((axis) => ({
          key: axis.key, title: axis.title, number: axis.number, goal: axis.goal, text: (i) => axis.text(i), value: (i) => axis.values[i],
        })),
        { key: 'duration', title: rg.say('duration'), number: true, text: (i) => sweep.runs.took[i], value: (i) => sweep.runs.duration[i] },
      ];
      this.build();
      this.sortAs(rg.view.get('sort'));
      rg.brushed.on(() => this.show());
      rg.hovered.on(() => this.mark());
    }

    build() {
      const tools = rg.create('div', 'trials-tools');
      this.status = rg.create('span', 'table-status');
      this.status.setAttribute('role', 'status');
      this.clear = rg.create('button', 'trials-clear', rg.say('Show all trials'));
      this.clear.type = 'button';
      this.clear.addEventListener('click', () => this.sweep.letGo());
      tools.append(this.status, this.clear);
      const around = rg.create('div', 'data-table');
      this.scroll = rg.create('div', 'table-scroll trials-scroll');
      this.scroll.tabIndex = 0;
      this.scroll.setAttribute('role', 'region');
      this.scroll.setAttribute('aria-label', rg.say('Trials'));
      const table = rg.create('table', 'data trials');
      const head = rg.create('tr');
      this.heads = this.columns.map((column) => this.head(column));
      head.append(...this.heads);
      table.append(rg.create('thead'), rg.create('tbody'));
      table.tHead.append(head);
      this.scroll.append(table);
      rg.watchEdges(this.scroll);
      around.append(this.scroll);
      this.place.append(tools, around);
      this.rows = new rg.Rows(this.scroll, table.tBodies[0], 'tr', HEIGHT, (k) => this.row(this.order[k]));
      this.body = table.tBodies[0];
      const over = (event) => rg.hovered.set(event.target.closest('[data-run]')?.dataset.run || '');
      this.body.addEventListener('pointerover', over);
      this.body.addEventListener('focusin', over);
      this.body.addEventListener('pointerleave', () => rg.hovered.set(''));
      this.body.addEventListener('focusout', () => rg.hovered.set(''));
    }

    head(column) {
      const head = rg.create('th', column.number ? 'number' : 'text');
      head.scope = 'col';
      const button = rg.create('button', 'sort', column.title);
      button.type = 'button';
      button.addEventListener('click', () => this.cycle(column));
      head.append(button);
      return head;
    }

    /** The best first, then the other way round, then by rank again. */
    cycle(column) {
      const first = column.goal === 'max' ? 'desc' : 'asc';
      const next = this.sort === column.key + ':' + first ? column.key + ':' + (first === 'asc' ? 'desc' : 'asc')
        : this.sort.startsWith(column.key + ':') ? '' : column.key + ':' + first;
      rg.view.set({ sort: next });
      this.sortAs(next);
    }

    sortAs(written) {
      const [, key, direction] = /^(.*):(asc|desc)$/.exec(written) || [];
      const at = this.columns.findIndex((column) => column.key === key);
      const all = this.sweep.runs.id.map((_, i) => i);
      this.sort = at < 0 ? '' : written;
      this.heads.forEach((head, k) => {
        if (k === at) head.setAttribute('aria-sort', direction === 'asc' ? 'ascending' : 'descending');
        else head.removeAttribute('aria-sort');
      });
      if (at < 0) all.sort((a, b) => this.sweep.runs.tint[b] - this.sweep.runs.tint[a] || a - b);
      else all.sort((a, b) => this.compare(this.columns[at].value(a), this.columns[at].value(b), direction === 'asc' ? 1 : -1) || a - b);
      this.all = all;
      this.show();
    }

    compare(one, other, sign) {
      if (one === null || other === null) return (one === null) - (other === null);
      return sign * (typeof one === 'string' ? collator.compare(one, other) : one - other);
    }

    show() {
      const chosen = rg.brushed.get();
      const { id } = this.sweep.runs;
      this.order = chosen ? this.all.filter((i) => chosen.has(id[i])) : this.all;
      // Asked for before anything changes, or the page would be laid out once more.
      this.scroll.scrollTop = 0;
      this.status.textContent = rg.say('{left} of {all} trials', { left: rg.count(this.order.length), all: rg.count(id.length) });
      this.clear.hidden = !chosen;
      this.rows.show(this.order.length);
      this.keepWidths();
      this.mark();
    }

    /** Columns stay as wide as the first rows made them: nothing jumps while the reader brushes. */
    keepWidths() {
      const table = this.body.parentNode;
      if (table.style.tableLayout || !this.order.length) return;
      const widths = this.heads.map((head) => Math.ceil(head.getBoundingClientRect().width));
      const columns = rg.create('colgroup');
      for (const width of widths) columns.append(Object.assign(rg.create('col'), { style: 'width:' + width + 'px' }));
      table.prepend(columns);
      table.style.tableLayout = 'fixed';
      table.style.width = widths.reduce((sum, width) => sum + width, 0) + 'px';
    }

    row(i) {
      const { runs } = this.sweep;
      const row = rg.create('tr');
      row.dataset.run = runs.id[i];
      this.columns.forEach((column, k) => {
        const cell = rg.create(k ? 'td' : 'th', column.number ? 'number' : 'text');
        if (k === 0) {
          cell.scope = 'row';
          const link = rg.create('a', 'run');
          const dot = rg.create('i', 'run-dot');
          dot.style.setProperty('--run', runs.colour[i]);
          link.href = runs.href[i];
          link.append(dot, runs.name[i]);
          cell.append(link);
        } else if (column.text(i) === '') {
          cell.classList.add('missing');
          cell.textContent = '—';
        } else {
          cell.textContent = column.text(i);
          if (column.key === 'state') cell.classList.add('state', 'state-' + runs.state[i]);
        }
        row.append(cell);
      });
      if (runs.id[i] === rg.hovered.get()) row.classList.add('is-hovered');
      return row;
    }

    mark() {
      for (const row of this.body.querySelectorAll('.is-hovered')) row.classList.remove('is-hovered');
      const id = rg.hovered.get();
      if (id) this.body.querySelector('[data-run="' + CSS.escape(id) + '"]')?.classList.add('is-hovered');
    }
  }

  rg.SweepTrials = SweepTrials;
})();
