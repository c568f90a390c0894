/* The charts of the dashboard: grouped by prefix; drawn when they are in view (lines-queue.js). */
(function () {
  'use strict';

  const rg = window.reportgen;

  class Charts {
    constructor(board) {
      this.board = board;
      this.element = rg.create('div', 'dash-charts');
      this.status = rg.create('p', 'dash-empty');
      this.cards = board.table.data.metrics.map((about) => new rg.dashboard.Card(board, about));
      this.sections = this.sectioned();
      this.element.append(this.status, ...this.sections.map((one) => one.details));
      this.queue = new rg.lines.Queue(this.cards, this.element);
    }

    /** One part of the page for each prefix, in the order of the metrics. */
    sectioned() {
      const found = new Map();
      for (const card of this.cards) {
        const prefix = rg.dashboard.prefixOf(card.about.key);
        if (!found.has(prefix)) found.set(prefix, []);
        found.get(prefix).push(card);
      }
      const folded = this.board.view.list('fold');
      return [...found].map(([prefix, cards]) => this.section(prefix, cards, !folded.includes(prefix || '-')));
    }

    section(prefix, cards, isOpen) {
      const details = rg.create('details', 'dash-section');
      const summary = rg.create('summary');
      const count = rg.create('span', 'count', String(cards.length));
      summary.append(rg.create('h2', '', rg.plain(prefix.replace(/\/$/, '')) || rg.say('Metrics')), count);
      const grid = rg.create('div', 'dash-grid');
      grid.append(...cards.map((card) => card.element));
      details.append(summary, grid);
      details.open = isOpen;
      details.addEventListener('toggle', () => this.fold());
      return { prefix, cards, details, count };
    }

    fold() {
      this.board.view.setList('fold', this.sections.filter((one) => !one.details.open).map((one) => one.prefix || '-'));
    }

    /** Shows the metrics that a search finds. */
    search() {
      const words = this.board.view.get('metrics').toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const { cards, details, count } of this.sections) {
        let here = 0;
        for (const card of cards) {
          const fits = words.every((word) => card.about.key.toLowerCase().includes(word));
          card.element.hidden = !fits;
          here += fits;
        }
        details.hidden = !here;
        count.textContent = String(here);
        found += here;
      }
      this.status.textContent = found ? '' : words.length ? rg.say('No metric has “{text}” in its name.', { text: this.board.view.get('metrics') })
        : rg.say('No metric was logged.');
      this.status.hidden = Boolean(found);
      return found;
    }

    /** All charts are out of date. */
    update() {
      this.queue.update();
    }

    /** Marks a run in the charts in view. */
    mark(id) {
      for (const card of this.queue.inView) if (card.chart && !card.chart.rule) card.chart.mark(id);
    }
  }

  rg.dashboard = Object.assign(rg.dashboard || {}, { Charts });
})();
