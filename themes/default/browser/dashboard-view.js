/* The view of the dashboard and of the charts of a run: all that a reader can set, each in the address. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const NAMES = ['x', 'smooth', 'group', 'band', 'log', 'outliers', 'metrics', 'filter', 'hide', 'only', 'brush', 'sort', 'view', 'columns',
    'baseline', 'fold', 'zoom', 'show', 'drag'];
  const WAIT = 250;

  /** What the reader set, name by name; those that listen are told which names changed. */
  class View {
    constructor(names = NAMES) {
      this.names = names;
      this.values = {};
      for (const name of names) this.values[name] = rg.view.get(name);
      this.listeners = [];
      this.changes = {};
    }

    get(name) {
      return this.values[name];
    }

    /** Several values in one text: names may hold anything but a comma, which is written twice. */
    list(name) {
      const text = this.values[name];
      return text ? text.split(/(?<!,),(?!,)/).map((one) => one.replace(/,,/g, ',')) : [];
    }

    set(changes) {
      const changed = Object.keys(changes).filter((name) => this.values[name] !== changes[name]);
      if (!changed.length) return;
      for (const name of changed) this.values[name] = this.changes[name] = changes[name];
      clearTimeout(this.later);
      this.later = setTimeout(() => this.keep(), WAIT);
      for (const listener of this.listeners) listener(new Set(changed));
    }

    setList(name, list) {
      this.set({ [name]: list.map((one) => one.replace(/,/g, ',,')).join(',') });
    }

    /** Writes the address; browsers refuse to be told too often. */
    keep() {
      clearTimeout(this.later);
      if (Object.keys(this.changes).length) rg.view.set(this.changes);
      this.changes = {};
    }

    reset() {
      this.set(Object.fromEntries(this.names.map((name) => [name, ''])));
    }

    /** [axis, low, high] of the zoom, null for the whole. */
    zoom() {
      const found = /^(-?[\d.e+-]+):(-?[\d.e+-]+)(?::(.*))?$/.exec(this.get('zoom'));
      return found && Number(found[1]) < Number(found[2]) ? [found[3] || 'step', Number(found[1]), Number(found[2])] : null;
    }

    setZoom(range, axis) {
      if (!range) return this.set({ zoom: '' });
      if (!(range[1] > range[0])) return undefined;
      return this.set({ zoom: range.map((one) => Number(one.toPrecision(10))).join(':') + (axis === 'step' ? '' : ':' + axis) });
    }

    on(listener) {
      this.listeners.push(listener);
    }
  }

  rg.dashboard = Object.assign(rg.dashboard || {}, { View });
})();
