/* Rows of equal height of which only those in sight are in the page: ten thousand scroll like ten. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const AROUND = 8;

  /**
   * Rows in a box that scrolls.
   * @param scroller The box.
   * @param body What the rows are put into: a list or the body of a table.
   * @param tag Of a row: 'li' or 'tr'.
   * @param height Of a row, in pixels.
   * @param make Gives the row of an index.
   */
  class Rows {
    constructor(scroller, body, tag, height, make) {
      Object.assign(this, { scroller, body, height, make, count: 0, made: new Map() });
      [this.before, this.after] = [rg.create(tag, 'rows-space'), rg.create(tag, 'rows-space')];
      for (const space of [this.before, this.after]) space.setAttribute('aria-hidden', 'true');
      body.append(this.before, this.after);
      scroller.addEventListener('scroll', () => this.lay(), { passive: true });
      new ResizeObserver(() => this.lay()).observe(scroller);
    }

    /** Shows `count` rows, all made anew. */
    show(count) {
      this.count = count;
      for (const row of this.made.values()) row.remove();
      this.made.clear();
      this.from = this.to = 0;
      this.lay(true);
    }

    lay(isNew) {
      const { scroller, height, count } = this;
      const top = Math.floor(scroller.scrollTop / height);
      const room = Math.ceil((scroller.clientHeight || 600) / height);
      const from = Math.max(0, Math.min(top - AROUND, count - room - AROUND));
      const to = Math.min(count, top + room + AROUND);
      if (!isNew && from === this.from && to === this.to) return;
      // What has the focus stays, so that the keyboard does not lose its place.
      for (const [i, row] of this.made) {
        if ((i < from || i >= to) && !row.contains(document.activeElement)) {
          row.remove();
          this.made.delete(i);
        }
      }
      for (let i = to - 1, next = this.after; i >= from; i--) {
        let row = this.made.get(i);
        if (!row) {
          row = this.make(i);
          this.made.set(i, row);
        }
        if (row.nextSibling !== next) next.before(row);
        next = row;
      }
      this.before.style.height = from * height + 'px';
      this.after.style.height = (count - to) * height + 'px';
      [this.from, this.to] = [from, to];
    }

    /** Scrolls until a row is in sight. */
    reveal(i) {
      const top = i * this.height;
      const { scroller } = this;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + this.height * 2 > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top - scroller.clientHeight + 2 * this.height;
      this.lay();
    }
  }

  rg.Rows = Rows;
})();
