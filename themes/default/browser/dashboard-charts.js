/* The charts of the dashboard: grouped by prefix, drawn when they are in view, those first. */
(function () {
  'use strict';

  const rg = window.reportgen;

  class Charts {
    constructor(board) {
      this.board = board;
      this.element = rg.create('div', 'dash-charts');
      this.status = rg.create('p', 'dash-empty');
      this.cards = board.table.data.metrics.map((about) => new rg.dashboard.Card(board, about));
      this.byElement = new Map(this.cards.map((card) => [card.element, card]));
      this.inView = new Set();
      this.isWaiting = true;
      this.stale = new Set(this.cards);
      this.watch = new IntersectionObserver((several) => this.seen(several), { rootMargin: '300px 0px' });
      this.sections = this.sectioned();
      this.element.append(this.status, ...this.sections.map((one) => one.details));
      this.resized = new ResizeObserver(() => this.resize());
      this.resized.observe(this.element);
    }

    /** One part of the page for each prefix, in the order of the metrics. */
    sectioned() {
      const found = new Map();
      for (const card of this.cards) {
        const prefix = rg.dashboard.prefixOf(card.about.key);
        if (!found.has(prefix)) found.set(prefix, []);
        found.get(prefix).push(card);
        this.watch.observe(card.element);
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

    /** All charts are out of date: those in view are drawn now, the others when they come into view. */
    update() {
      this.stale = new Set(this.cards);
      this.isWaiting = true;
      this.drawStale();
    }

    seen(several) {
      for (const { target, isIntersecting } of several) this.inView[isIntersecting ? 'add' : 'delete'](this.byElement.get(target));
      this.drawStale();
    }

    /** Draws what is in view and out of date, a few charts at a time, so that the page answers in between. */
    async drawStale() {
      if (this.isDrawing) return;
      this.isDrawing = true;
      const rest = rg.lines.pieces();
      for (let card = this.next(); card; card = this.next()) {
        this.stale.delete(card);
        try {
          await card.update();
        } catch (error) {
          card.note.textContent = rg.say('This chart could not be loaded.');
          console.error(error);
        }
        await rest();
      }
      this.isDrawing = false;
    }

    /** The next chart to draw: of those in the window first; when these are drawn, the page says so, and those near it follow. */
    next() {
      const near = this.cards.filter((one) => this.stale.has(one) && this.inView.has(one));
      const isSeen = ({ element }) => {
        const { top, bottom } = element.getBoundingClientRect();
        return bottom > 0 && top < window.innerHeight;
      };
      const seen = near.find(isSeen);
      if (!seen && this.isWaiting) {
        this.isWaiting = false;
        document.dispatchEvent(new CustomEvent('reportgen:drawn'));
      }
      return seen || near[0];
    }

    resize() {
      const width = this.element.clientWidth;
      if (width === this.width) return;
      const isFirst = this.width === undefined;
      this.width = width;
      if (!isFirst) this.redraw();
    }

    /** The same lines in other colours or at another width. */
    redraw() {
      for (const card of this.cards) if (card.chart && !this.stale.has(card)) this.inView.has(card) ? card.chart.draw() : this.stale.add(card);
    }

    /** Marks a run in the charts in view. */
    mark(id) {
      for (const card of this.inView) if (card.chart && !card.chart.rule) card.chart.mark(id);
    }
  }

  rg.dashboard = Object.assign(rg.dashboard || {}, { Charts });
})();
