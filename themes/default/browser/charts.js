/* Charts come alive when they come into view: the picture that stands in the page is replaced by the same chart,
   drawn by Vega from the data that classic scripts register. Nothing is fetched, so it works from a disk. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const packed = new Map();
  const unpacked = new Map();
  const registered = new Map();
  const configs = new Map();
  const living = new WeakMap();
  const zooms = new WeakMap();
  let queue = Promise.resolve();

  /** Called by the scripts in data/. */
  rg.columns = function (columns) {
    for (const hash of Object.keys(columns)) packed.set(hash, columns[hash]);
  };

  /** Called by the scripts in charts/. */
  rg.chart = function (path, chart) {
    registered.set(path, chart);
  };

  rg.config = function (path, config) {
    configs.set(path, config);
  };

  function column(name) {
    if (typeof name !== 'string') return unpack(name);
    if (!unpacked.has(name)) unpacked.set(name, unpack(packed.get(name)));
    return unpacked.get(name);
  }

  /** The forms are described in reportgen/site/data.py. */
  function unpack(form) {
    if (Array.isArray(form)) return form;
    if ('t' in form) return Object.assign(unpack(form.t).slice(), { time: true });
    if ('v' in form) return unpack(form.i).map((i) => (i < 0 ? null : form.v[i]));
    const values = [];
    let value = 0;
    for (let i = 0; i < form.r.length; i += 2) {
      for (let n = 0; n < form.r[i + 1]; n++) values.push((value += form.r[i]));
    }
    return values;
  }

  rg.unpack = unpack;

  /** The data of a chart as columns: name → {field → values}; numbers that are not finite are kept. */
  rg.data = function (chart) {
    const data = {};
    for (const name of Object.keys(chart.data)) {
      data[name] = {};
      for (const field of Object.keys(chart.data[name])) data[name][field] = column(chart.data[name][field]);
    }
    return data;
  };

  /** Rows for Vega, in which what is not finite is a gap, as in the picture. */
  function rows(columns) {
    const fields = Object.keys(columns);
    const count = fields.length ? columns[fields[0]].length : 0;
    const made = new Array(count);
    for (let i = 0; i < count; i++) {
      const row = {};
      for (const field of fields) {
        const value = columns[field][i];
        row[field] = typeof value === 'number' && !Number.isFinite(value) ? null : value;
      }
      made[i] = row;
    }
    return made;
  }

  /** A canvas cannot measure text in a font that is a CSS variable. */
  function inFont(node, family) {
    if (node === 'var(--sans)') return family;
    if (Array.isArray(node)) return node.map((one) => inFont(one, family));
    if (node && typeof node === 'object') {
      return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inFont(value, family)]));
    }
    return node;
  }

  /** What Vega-Lite remarks on a report's own specification was told to its author by the build, and is not said again. */
  async function toldAlready(remarks, action) {
    const warn = console.warn;
    if (!remarks) return action();
    console.warn = (...said) => (said.some((one) => remarks.includes(one)) ? undefined : warn.apply(console, said));
    try {
      return await action();
    } finally {
      console.warn = warn;
    }
  }

  async function revive(element) {
    const root = element.dataset.root;
    await Promise.all([rg.load(root + element.dataset.vega), rg.load(root + element.dataset.chart)]);
    const chart = registered.get(element.dataset.chart);
    await Promise.all([chart.config, ...chart.needs].map((path) => rg.load(root + path)));
    chart.spec.config = configs.get(chart.config);
    const family = getComputedStyle(element).getPropertyValue('--sans').trim() || 'sans-serif';
    if (document.fonts) await document.fonts.load('12px ' + family).catch(() => undefined);

    const data = rg.data(chart);
    const spec = inFont(chart.spec, family);
    const can = (spec.usermeta || {}).reportgen || {};
    delete spec.usermeta;
    if (can.labels) spec.params.find((one) => one.name === 'labels').value = element.clientWidth >= can.labels.least;
    spec.datasets = Object.fromEntries(Object.keys(data).map((name) => [name, rows(data[name])]));
    const canvas = element.querySelector('.chart-canvas');
    const live = document.createElement('div');
    live.className = 'chart-live';
    canvas.append(live);
    try {
      const result = await toldAlready(can.remarks, () => window.vegaEmbed(live, spec, {
        mode: 'vega-lite', ast: true, renderer: 'svg', actions: false, defaultStyle: false,
        tooltip: { disableDefaultStyle: true, theme: 'reportgen' },
      }));
      const svg = live.querySelector('svg');
      // Names that became slanted when the width was fitted need another height.
      if (can.slants) await result.view.resize().runAsync();
      svg.setAttribute('aria-label', element.dataset.description);
      // One image with one description: to a screen reader Vega's groups of marks say nothing, and its box says “Vega visualization”.
      svg.setAttribute('role', 'img');
      for (const group of [live, ...live.querySelectorAll('[role]')]) {
        if (group === svg) continue;
        group.removeAttribute('role');
        group.removeAttribute('aria-roledescription');
        if (!svg.contains(group)) group.removeAttribute('aria-label');
      }
      element.classList.add('is-live');
      const alive = { chart: chart, data: data, view: result.view, svg: svg, can: can, place: live };
      living.set(element, alive);
      if (spec.width === 'container') follow(element, alive);
      rg.revived(element, alive);
      if (zooms.has(element) && can.zoom) await zoomTo(alive.view, zooms.get(element));
    } catch (error) {
      live.remove();
      throw error;
    }
  }

  const SIGNALS = ['zoom_x', 'zoom_y'];

  function zoomTo(view, zoom) {
    SIGNALS.forEach((name, i) => { if (zoom[i]) view.signal(name, zoom[i]); });
    return view.runAsync();
  }

  /** A chart comes in the place of another one: what is hidden in it and how it is zoomed stays. */
  rg.succeed = function (element, next) {
    rg.keepHidden(rg.legendOf(element), rg.legendOf(next));
    const alive = living.get(element);
    if (!alive || !alive.can.zoom) return;
    zooms.set(next, SIGNALS.map((name) => { try { return alive.view.signal(name); } catch { return null; } }));
    alive.view.finalize();
  };

  /** Keeps a chart as wide as its place. */
  function follow(element, alive) {
    const live = alive.place;
    const view = alive.view;
    let width = live.clientWidth;
    let waiting = 0;
    new ResizeObserver(() => {
      if (!live.clientWidth || Math.abs(live.clientWidth - width) < 1) return;
      width = live.clientWidth;
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        rg.nameLines(element, alive);
        view.width(width).resize().runAsync();
      });
    }).observe(live);
  }

  function failed(element) {
    element.classList.add('is-failed');
    const note = document.createElement('p');
    note.className = 'chart-note';
    note.textContent = rg.say('This chart did not come alive in this browser; the picture shows the same data.');
    element.append(note);
  }

  /** One after the other, so that the page stays at hand. */
  function enqueue(element) {
    queue = queue.then(() => revive(element)).catch(() => failed(element));
    return queue;
  }

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      observer.unobserve(entry.target);
      enqueue(entry.target);
    }
  }, { rootMargin: '300px 0px' });

  rg.each('.chart[data-chart]', (chart) => observer.observe(chart));
})();
