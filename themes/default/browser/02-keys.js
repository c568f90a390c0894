/* Keys of the page: what each part registers is listed by the help (?); single keys can be turned off (WCAG 2.1.4). */
(function () {
  'use strict';

  const rg = window.reportgen;
  const STORE = 'reportgen-keys';
  const known = [];

  /* Storage may be forbidden (pages from a disk, private windows): the choice then lasts for this page. */
  let isOff = false;
  try { isOff = localStorage.getItem(STORE) === 'off'; } catch { /* see above */ }

  /**
   * Takes note of a key for the help of the page.
   * @param names The keys as they are written on a keyboard.
   * @param says What they do.
   * @param where A selector: the key means something only where the page has such an element; '' for every page.
   */
  rg.key = function (names, says, where = '') {
    known.push({ names, says, where });
  };

  /** Calls back when a single key is pressed and no field has the focus. */
  rg.onKey = function (name, act) {
    document.addEventListener('keydown', (event) => {
      if (event.key !== name || isOff || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      /* Until the page is drawn again a dialog that was just closed still has the focus. */
      const isClosed = event.target.closest('dialog:not([open])');
      if (!isClosed && event.target.closest('input, textarea, select, [contenteditable], dialog')) return;
      event.preventDefault();
      act();
    });
  };

  /** A dialog that the page has once: it keeps the focus, Escape and a click beside it close it. */
  rg.dialog = function (name, title) {
    const dialog = rg.create('dialog', name);
    dialog.setAttribute('aria-label', title);
    dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
    return dialog;
  };

  let help;

  function showHelp() {
    if (!help) help = rg.dialog('key-help', rg.say('Keys'));
    const head = rg.create('div', 'key-help-head');
    const close = rg.create('button', 'dialog-close', '×');
    close.type = 'button';
    close.setAttribute('aria-label', rg.say('Close'));
    close.addEventListener('click', () => help.close());
    head.append(rg.create('h2', '', rg.say('Keys')), close);
    const isHere = (one) => one.where && document.querySelector(one.where);
    const parts = [list(rg.say('On every page'), known.filter((one) => !one.where)), list(rg.say('On this page'), known.filter(isHere))];
    help.replaceChildren(head, ...parts.filter(Boolean), choice());
    if (!help.open) help.showModal();
  }

  function list(title, keys) {
    if (!keys.length) return null;
    const part = rg.create('section');
    const rows = rg.create('dl');
    for (const { names, says } of keys) {
      const row = rg.create('div');
      const term = rg.create('dt');
      names.forEach((name, i) => term.append(i ? ' ' : '', rg.create('kbd', '', name)));
      row.append(term, rg.create('dd', '', says()));
      rows.append(row);
    }
    part.append(rg.create('h3', '', title), rows);
    return part;
  }

  function choice() {
    const label = rg.create('label', 'key-choice');
    const box = Object.assign(rg.create('input'), { type: 'checkbox', checked: !isOff });
    box.addEventListener('change', () => {
      isOff = !box.checked;
      try { localStorage.setItem(STORE, isOff ? 'off' : 'on'); } catch { /* see above */ }
    });
    label.append(box, ' ' + rg.say('Single keys such as / and ? do something'));
    return label;
  }

  rg.key(['/'], () => rg.say('search the site'));
  rg.key(['?'], () => rg.say('show these keys'));
  rg.key(['Esc'], () => rg.say('close what is open'));
  rg.key(['f'], () => rg.say('filter the first table or list of the page'), '.key-filter, .table-filter');
  rg.key(['+', '−'], () => rg.say('in a chart: zoom'), '.chart[data-chart]');
  rg.key(['←', '→', '↑', '↓'], () => rg.say('in a chart: move'), '.chart[data-chart]');
  rg.key(['0'], () => rg.say('in a chart: show all again'), '.chart[data-chart]');
  rg.key(['Enter'], () => rg.say('on the head of a column: sort by it'), 'table.data .sort');
  rg.key(['←', '→'], () => rg.say('on the slider: the step before and behind'), '[data-layer-stage]');
  rg.key(['Tab', 'Enter'], () => rg.say('in a lineage: to the next node, and open it'), 'svg.lineage');

  rg.ready(() => {
    rg.onKey('?', showHelp);
    rg.onKey('f', () => {
      const field = [...document.querySelectorAll('.key-filter, .table-filter')].find((one) => one.checkVisibility());
      if (!field) return;
      field.focus();
      field.scrollIntoView({ block: 'center' });
    });
    for (const button of document.querySelectorAll('[data-keys-open]')) button.addEventListener('click', showHelp);
  });
})();
