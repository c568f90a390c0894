/* The head of a column: its name, by which it is sorted, and below it how its values are distributed, as the build counted them. Each bar is a
   button that leaves the rows of its values. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const grid = rg.grid;
  const SHOWN = 2;

  /** The head of a column; `sort(column)` is called by its button, `pick(column, values)` by a bar (see grid-pick.js). */
  grid.head = function (column, sort, pick) {
    const head = rg.create('th', column.isNumber ? 'number' : 'text');
    head.scope = 'col';
    head.dataset.name = column.name;
    const button = rg.create('button', 'sort');
    button.type = 'button';
    button.title = column.name;
    if (column.colour) button.append(dot(column.colour), ' ');
    button.append(column.label || column.name);
    if (column.isMedia) {
      const name = rg.create('span', 'grid-name', column.label || column.name);
      if (column.colour) name.prepend(dot(column.colour), ' ');
      head.append(name);
    } else {
      button.addEventListener('click', () => sort(column));
      head.append(button);
    }
    head.append(summary(column, (values) => pick?.(column, values)));
    return head;
  };

  function dot(colour) {
    const made = rg.create('i', 'run-dot');
    made.style.setProperty('--run', colour);
    return made;
  }

  function summary(column, pick) {
    const box = rg.create('div', 'grid-summary');
    if (column.bins) box.append(histogram(column, pick));
    else if (column.top) box.append(...column.top.slice(0, SHOWN).map(([text, count]) => frequent(text, count, column, pick)));
    for (const said of words(column)) box.append(Object.assign(rg.create('span', 'grid-words', said), { title: said }));
    return box;
  }

  function words(column) {
    const parts = [];
    if (column.bins) parts.push(range(column));
    else if (column.kind === 'text' && column.distinct > (column.top ? column.top.slice(0, SHOWN).length : 0)) parts.push(rg.say('{n} different', { n: rg.count(column.distinct) }));
    if (column.missing) parts.push(rg.say('{n} missing', { n: rg.count(column.missing) }));
    return parts;
  }

  function range(column) {
    const [low, high] = column.bins;
    // Bins of whole numbers begin half below the lowest one.
    const isWhole = column.format[1] === 'integer' && low % 1 !== 0;
    const ends = isWhole ? [low + 0.5, high - 0.5] : [low, high];
    return ends[0] === ends[1] ? column.write(ends[0]) : ends.map(column.write).join(' – ');
  }

  function histogram(column, pick) {
    const counts = column.bins[2];
    const most = Math.max(...counts);
    const bars = rg.create('div', 'grid-bars');
    bars.setAttribute('role', 'group');
    bars.setAttribute('aria-label', rg.say('Rows by {column}', { column: column.label || column.name }));
    bars.append(...counts.map((count, i) => {
      const bar = rg.create('button', 'grid-bar');
      const values = grid.pick.bin(column, i);
      bar.style.setProperty('--high', count / most);
      bar.disabled = !count;
      named(bar, grid.pick.text(values, column), count, values, pick);
      bar.setAttribute('aria-label', bar.title);
      return bar;
    }));
    const all = [...bars.querySelectorAll('button:enabled')];
    all.forEach((bar, i) => { bar.tabIndex = i ? -1 : 0; });
    bars.addEventListener('keydown', (event) => {
      const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = to && all[all.indexOf(event.target) + to];
      if (!next) return;
      event.preventDefault();
      for (const bar of all) bar.tabIndex = bar === next ? 0 : -1;
      next.focus();
    });
    return bars;
  }

  function named(button, text, count, values, pick) {
    button.type = 'button';
    button.title = text + ': ' + rg.count(count);
    button.dataset.values = JSON.stringify(values);
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => pick(values));
  }

  function frequent(text, count, column, pick) {
    const row = rg.create('button', 'grid-frequent');
    const present = column.count - column.missing;
    row.style.setProperty('--share', `${(100 * count) / present}%`);
    named(row, text, count, ['=', text], pick);
    row.append(rg.create('span', '', text), rg.create('span', 'grid-share', rg.short((100 * count) / present, 2) + '\u202f%'));
    return row;
  }
})();
