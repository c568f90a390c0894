/* The page of a run: its config as a tree that can be searched, which run it is compared with. */
(function () {
  'use strict';

  const rg = window.reportgen;

  /** A search field above the config: groups without a match are hidden, those with one are open. */
  function config(tree) {
    const rows = Array.from(tree.querySelectorAll('dl > div'));
    const groups = Array.from(tree.querySelectorAll('details'));
    if (rows.length < 8) return;
    const field = Object.assign(rg.create('input', 'key-filter'), { type: 'search', placeholder: rg.say('Filter {count} keys', { count: rows.length }) });
    field.setAttribute('aria-label', field.placeholder);
    const status = rg.create('p', 'key-status');
    status.setAttribute('role', 'status');
    tree.prepend(field, status);
    let folded = null;
    const filter = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = (row.dataset.key + ' ' + row.textContent).toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      if (words.length && !folded) folded = groups.map((group) => group.open);
      groups.forEach((group, i) => {
        group.hidden = !group.querySelector('dl > div:not([hidden])');
        if (words.length) group.open = true;
        else if (folded) group.open = folded[i];
      });
      if (!words.length) folded = null;
      status.textContent = words.length ? rg.say('{shown} of {count} keys', { shown, count: rows.length }) : '';
    };
    field.addEventListener('input', () => { filter(); rg.view.set({ config: field.value }); });
    const asked = rg.view.get('config');
    if (asked) { field.value = asked; filter(); }
  }

  /** One comparison at a time, by a chooser; what differs is marked in the config. */
  function comparisons(section) {
    const parts = Array.from(section.querySelectorAll('[data-comparison]'));
    const select = rg.create('select', 'comparison-choice');
    select.setAttribute('aria-label', rg.say('Compared with'));
    for (const part of parts) select.append(Object.assign(rg.create('option', '', part.dataset.title), { value: part.dataset.comparison }));
    const show = () => {
      for (const part of parts) part.hidden = part.dataset.comparison !== select.value;
      const shown = parts.find((part) => !part.hidden);
      const keys = new Set(Array.from(shown.querySelectorAll('tr[data-key]'), (row) => row.dataset.key));
      for (const row of document.querySelectorAll('[data-config] [data-key]')) row.classList.toggle('is-different', keys.has(row.dataset.key));
    };
    const asked = rg.view.get('against');
    if (parts.some((part) => part.dataset.comparison === asked)) select.value = asked;
    select.addEventListener('change', () => {
      show();
      rg.view.set({ against: select.value === parts[0].dataset.comparison ? '' : select.value });
    });
    if (parts.length > 1) section.querySelector('h2').after(select);
    show();
  }

  /** Whether the measurements are unfolded is in the address. */
  function folded(details) {
    if (rg.view.get('system')) details.open = true;
    details.addEventListener('toggle', () => rg.view.set({ system: details.open ? 'open' : '' }));
  }

  rg.key(['['], () => rg.say('the previous run'), '[data-previous]');
  rg.key([']'], () => rg.say('the next run'), '[data-next]');

  rg.ready(() => {
    document.querySelectorAll('[data-config]').forEach(config);
    document.querySelectorAll('[data-comparisons]').forEach(comparisons);
    document.querySelectorAll('details.system').forEach(folded);
    for (const [key, name] of [['[', '[data-previous]'], [']', '[data-next]']]) {
      const link = document.querySelector(name);
      if (link) rg.onKey(key, () => { location.href = link.href; });
    }
  });
})();
