/* What a live chart offers: its picture, its data, its specification, and its data as a table. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const create = rg.create;
  const ROWS = 500;

  /** Called when a chart has come alive; `live` is {chart, data, view, svg, can, place}. */
  rg.revived = function (element, live) {
    rg.nameLines(element, live);
    rg.enliveLegend(element, live);
    rg.steer(element, live);
    if (live.can.kind !== 'nothing') element.append(menu(element, live));
    hintOnce(element, live);
  };

  function menu(element, live) {
    const name = rg.fileName(element.dataset.title);
    return rg.menu(rg.say('Save or inspect the chart: {title}', { title: element.dataset.title }), [
      [rg.say('Save as SVG'), () => rg.saveSvg(element, live, name)],
      [rg.say('Save as PNG'), () => rg.savePng(element, live, name)],
      [rg.say('Save data as CSV'), () => rg.saveCsv(shownData(live), name)],
      [rg.say('Save specification'), () => rg.saveSpec(live, name)],
      rg.tableItem(element, () => shownData(live)),
    ]);
  }

  /** The item of a menu that shows the data of a chart as a table below it, and hides it again. */
  rg.tableItem = (element, columns) => [rg.say('Show data as a table'), (item) => {
    item.textContent = toggleTable(element, columns) ? rg.say('Hide the table') : rg.say('Show data as a table');
  }];

  /** A button with a menu of [text, action]; an action is given its own item. */
  rg.menu = function (label, items) {
    const box = create('div', 'chart-menu');
    const button = create('button', 'chart-menu-button', '…');
    const list = create('div', 'chart-menu-list');
    button.type = 'button';
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    button.setAttribute('aria-label', label);
    list.setAttribute('role', 'menu');
    list.hidden = true;

    function open(yes) {
      list.hidden = !yes;
      button.setAttribute('aria-expanded', String(yes));
      if (yes) list.firstElementChild.focus();
    }
    for (const [text, action] of items) {
      const one = create('button', '', text);
      one.type = 'button';
      one.tabIndex = -1;
      one.setAttribute('role', 'menuitem');
      one.addEventListener('click', () => {
        open(false);
        button.focus();
        action(one);
      });
      list.append(one);
    }
    button.addEventListener('click', () => open(list.hidden));
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !list.hidden) {
        open(false);
        button.focus();
        event.stopPropagation();
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !list.hidden) {
        event.preventDefault();
        const items = [...list.children];
        items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
      }
    });
    box.addEventListener('focusout', (event) => {
      if (!box.contains(event.relatedTarget)) open(false);
    });
    box.append(button, list);
    return box;
  };

  /** What a file of a chart is called. */
  rg.fileName = (title) => title.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 80) || 'chart';

  function toggleTable(element, columns) {
    const shown = element.querySelector('.chart-table');
    if (shown) {
      shown.remove();
      return false;
    }
    const region = create('div', 'chart-table');
    region.tabIndex = 0;
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', rg.say('Data of the chart: {title}', { title: element.dataset.title }));
    region.append(tableOf(columns()));
    element.append(region);
    region.focus();
    return true;
  }

  /** What the chart is about, of all that it draws with: the first set of several rows, under the names of its axes. */
  function shownData(live) {
    const sets = Object.values(live.data);
    const rows = (columns) => (Object.values(columns)[0] || []).length;
    const columns = sets.find((one) => rows(one) > 1) || sets[0] || {};
    const packed = Object.values(live.chart.data)[sets.indexOf(columns)] || {};
    const titles = new Map();
    collectTitles(live.chart.spec, titles);
    const shown = {};
    const seen = new Set();
    for (const field of Object.keys(columns)) {
      // The same column under a second name helps the drawing and not the reader.
      const key = typeof packed[field] === 'string' ? packed[field] : JSON.stringify(packed[field]);
      if (seen.has(key)) continue;
      seen.add(key);
      const title = titles.get(field);
      shown[title && !(title in shown) && !(title in columns) ? title : field] = columns[field];
    }
    return shown;
  }

  /** Field → the title of its axis. */
  function collectTitles(node, titles) {
    if (!node || typeof node !== 'object') return;
    const title = typeof node.title === 'string' ? node.title : node.axis && node.axis.title;
    if (typeof node.field === 'string' && typeof title === 'string' && title && !titles.has(node.field)) titles.set(node.field, title);
    for (const inner of Object.values(node)) collectTitles(inner, titles);
  }

  function tableOf(columns) {
    const fields = Object.keys(columns);
    const count = fields.length ? columns[fields[0]].length : 0;
    const table = create('table');
    const head = table.createTHead().insertRow();
    for (const field of fields) {
      const cell = create('th', '', field);
      cell.scope = 'col';
      head.append(cell);
    }
    const body = table.createTBody();
    for (let i = 0; i < Math.min(count, ROWS); i++) {
      const row = body.insertRow();
      for (const field of fields) {
        const cell = row.insertCell();
        cell.textContent = rg.cellText(columns[field], i);
        if (typeof columns[field][i] === 'number' && !columns[field].time) cell.className = 'number';
      }
    }
    if (count > ROWS) {
      table.createCaption().textContent =
        rg.say('The first {shown} of {count} rows; the CSV has all.', { shown: rg.count(ROWS), count: rg.count(count) });
    }
    return table;
  }

  /** How to zoom is written under the first chart of a page that can. */
  function hintOnce(element, live) {
    const zooms = live.can.zoom || (live.chart.spec.params || []).some((one) => one.bind === 'scales');
    if (!zooms || document.querySelector('.chart-hint')) return;
    const keys = live.can.zoom ? ' ' + rg.say('From the keyboard: + and − zoom, arrows move, 0 resets, Esc leaves the chart.') : '';
    const hint = create('p', 'chart-hint', rg.say('Drag to zoom, double-click to reset.') + keys);
    // Below the first of several cards it would push the cards of the next row down.
    const cards = element.closest('.cards');
    if (cards) cards.after(hint);
    else element.querySelector('.chart-canvas').after(hint);
  }
})();
