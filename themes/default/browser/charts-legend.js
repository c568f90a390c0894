/* The legend of a chart is a list of the page. When the chart is alive its entries are buttons: a click (or Enter) hides
   what an entry names, a double click (or Shift and Enter) shows it alone. Charts beside each other may share one list. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const legends = new WeakMap();
  const kept = new WeakMap();

  /** The list with the colours of a chart: its own, or the one above several charts; null where there is none. */
  rg.legendOf = function (element) {
    const own = element.querySelector(':scope > .chart-legend');
    const grid = element.closest('.small-multiples');
    const above = grid && grid.previousElementSibling;
    return own || (above && above.matches('.chart-legend') ? above : null);
  };

  /** Lines carry their names at their ends where there is room; where there is none, a legend names them. */
  rg.nameLines = function (element, live) {
    const labels = live.can.labels;
    if (!labels) return;
    const beside = element.clientWidth >= labels.least;
    const own = element.querySelector(':scope > .chart-legend');
    if (live.view.signal('labels') !== beside) live.view.signal('labels', beside);
    live.view.padding(Object.assign({}, live.view.padding(), { right: beside ? 20 : 5 }));
    if (beside && own) {
      own.remove();
      live.view.signal('off', []);
    }
    if (beside || rg.legendOf(element)) return;
    const list = document.createElement('ul');
    list.className = 'chart-legend';
    for (const [label, colour] of labels.entries) {
      const entry = document.createElement('li');
      entry.style.setProperty('--series', colour);
      entry.textContent = label;
      list.append(entry);
    }
    element.querySelector('.chart-canvas').before(list);
    rg.enliveLegend(element, live);
  };

  /** Makes the entries of the chart's legend switches. */
  rg.enliveLegend = function (element, live) {
    const list = live.can.toggle && rg.legendOf(element);
    if (!list) return;
    if (!legends.has(list)) legends.set(list, buttons(list));
    const legend = legends.get(list);
    if (legend.views.includes(live.view)) return;
    legend.views.push(live.view);
    if (legend.off.size) live.view.signal('off', [...legend.off]).runAsync();
  };

  /** What is hidden in one list is hidden in the one that comes in its place. */
  rg.keepHidden = function (list, next) {
    if (list && next && legends.has(list)) kept.set(next, legends.get(list).off);
  };

  function buttons(list) {
    const legend = { views: [], off: new Set(kept.get(list)), names: [], switches: [] };
    for (const entry of [...list.children]) {
      const name = entry.textContent;
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.title = rg.say('Click to hide or show, double-click (Shift+Enter) to show alone');
      button.addEventListener('click', (event) => (event.altKey || event.shiftKey ? alone(legend, name) : toggle(legend, name)));
      button.addEventListener('dblclick', () => alone(legend, name));
      entry.replaceChildren(button);
      legend.names.push(name);
      legend.switches.push(button);
    }
    draw(legend);
    return legend;
  }

  function toggle(legend, name) {
    if (!legend.off.delete(name)) legend.off.add(name);
    draw(legend);
  }

  /** Shows one entry without the others; all of them when it is alone already. */
  function alone(legend, name) {
    const others = legend.names.filter((one) => one !== name);
    const already = !legend.off.has(name) && others.every((one) => legend.off.has(one));
    legend.off = new Set(already ? [] : others);
    draw(legend);
  }

  function draw(legend) {
    legend.switches.forEach((button, i) => button.setAttribute('aria-pressed', String(!legend.off.has(legend.names[i]))));
    for (const view of legend.views) view.signal('off', [...legend.off]).runAsync();
  }
})();
