/* The charts of a page in the order in which they are drawn: those in view, a few at a time, so that the page answers in between. */
(function () {
  'use strict';

  const rg = window.reportgen;

  /** Resolves when the page's font is there, or is known to be nowhere. */
  const fontOf = (element) => document.fonts.load('12px ' + rg.colours(element).sans).catch(() => undefined);

  class Queue {
    /**
     * @param cards What is drawn: `element`, `update()` (a Promise), `failed()`, and `chart` once it has one.
     * @param around The element whose width decides that of the charts; it is marked as busy (`data-busy`) until those in view are drawn.
     */
    constructor(cards, around) {
      Object.assign(this, { cards, around, isWaiting: true });
      around.dataset.busy = '';
      this.byElement = new Map(cards.map((card) => [card.element, card]));
      this.inView = new Set();
      this.stale = new Set(cards);
      const watch = new IntersectionObserver((several) => this.seen(several), { rootMargin: '300px 0px' });
      for (const { element } of cards) watch.observe(element);
      new ResizeObserver(() => this.resize()).observe(around);
      rg.onColours(() => this.redraw());
    }

    /** All charts are out of date: those in view are drawn now, the others when they come into view. */
    update() {
      this.stale = new Set(this.cards);
      this.isWaiting = true;
      this.drawStale();
    }

    seen(several) {
      for (const { target, isIntersecting } of several) this.inView[isIntersecting ? 'add' : 'delete'](this.byElement.get(target));
      this.isWatched = true;
      this.drawStale();
    }

    async drawStale() {
      // Which charts are in view is not known at once.
      if (this.isDrawing || !this.isWatched) return;
      this.isDrawing = true;
      this.around.dataset.busy = '';
      // Text in a canvas does not change when its font arrives later.
      if (!this.hasFont) await fontOf(this.around);
      this.hasFont = true;
      const rest = rg.lines.pieces();
      for (let card = this.next(); card; card = this.next()) {
        this.stale.delete(card);
        try {
          await card.update();
        } catch (error) {
          card.failed();
          console.error(error);
        }
        await rest();
      }
      this.isDrawing = false;
      delete this.around.dataset.busy;
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
      const width = this.around.clientWidth;
      if (width === this.width) return;
      const isFirst = this.width === undefined;
      this.width = width;
      if (!isFirst) this.redraw();
    }

    /** The same lines in other colours or at another width. */
    redraw() {
      for (const card of this.cards) if (card.chart && !this.stale.has(card)) this.inView.has(card) ? card.chart.draw() : this.stale.add(card);
    }
  }

  rg.lines = Object.assign(rg.lines || {}, { Queue });
})();
