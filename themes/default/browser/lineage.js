/* Lineages: the way that leads to the node under the pointer or focus, and on from it, stands out; runs are marked on the whole page. */
(function () {
  'use strict';

  const rg = window.reportgen;

  class Lineage {
    constructor(drawing) {
      this.drawing = drawing;
      this.nodes = new Map([...drawing.querySelectorAll('[data-node]')].map((node) => [node.dataset.node, node]));
      this.edges = [...drawing.querySelectorAll('.lineage-edge')];
      this.behind = this.neighbours('from', 'to');
      this.before = this.neighbours('to', 'from');
    }

    neighbours(one, other) {
      const found = new Map();
      for (const edge of this.edges) {
        const key = edge.dataset[one];
        if (!found.has(key)) found.set(key, []);
        found.get(key).push([edge.dataset[other], edge]);
      }
      return found;
    }

    start() {
      for (const [name, node] of this.nodes) {
        node.addEventListener('pointerenter', () => this.show(name));
        node.addEventListener('pointerleave', () => this.show(''));
        node.addEventListener('focus', () => this.show(name));
        node.addEventListener('blur', () => this.show(''));
      }
      rg.hovered.on((run) => {
        const name = run && [...this.nodes.keys()].find((key) => this.nodes.get(key).dataset.run === run);
        if ((name || '') !== this.shown) this.mark(name || '');
      });
    }

    show(name) {
      this.mark(name);
      const node = this.nodes.get(name);
      rg.hovered.set((node && node.dataset.run) || '');
    }

    /** Marks all that leads to a node and all that it leads to; '' marks nothing. */
    mark(name) {
      this.shown = name;
      for (const one of this.drawing.querySelectorAll('.on-way')) one.classList.remove('on-way');
      this.drawing.classList.toggle('has-way', name !== '');
      if (name) for (const next of [this.behind, this.before]) this.walk(name, next);
    }

    walk(start, next) {
      const seen = new Set([start]);
      const waiting = [start];
      while (waiting.length) {
        const name = waiting.pop();
        this.nodes.get(name).classList.add('on-way');
        for (const [other, edge] of next.get(name) || []) {
          edge.classList.add('on-way');
          if (!seen.has(other)) { seen.add(other); waiting.push(other); }
        }
      }
    }
  }

  rg.each('svg.lineage', (drawing) => {
    new Lineage(drawing).start();
    rg.watchEdges(drawing.parentElement);
  });
})();
