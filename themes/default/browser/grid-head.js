/* The head of a column: its name, by which it is sorted, and below it how its values are distributed, as the build counted them. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const grid = rg.grid;
  const SVG = 'http://www.w3.org/2000/svg';
  const WIDTH = 100;
  const HEIGHT = 26;
  const SHOWN = 2;

  /** The head of a column; `sort(column)` is called by its button. */
  grid.head = function (column, sort) {
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
    head.append(summary(column));
    return head;
  };

  function dot(colour) {
    const made = rg.create('i', 'run-dot');
    made.style.setProperty('--run', colour);
    return made;
  }

  function summary(column) {
    const box = rg.create('div', 'grid-summary');
    if (column.bins) box.append(histogram(column));
    else if (column.top) box.append(...column.top.slice(0, SHOWN).map(([text, count]) => frequent(text, count, column)));
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

  function histogram(column) {
    const counts = column.bins[2];
    const most = Math.max(...counts);
    const drawing = document.createElementNS(SVG, 'svg');
    drawing.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    drawing.setAttribute('preserveAspectRatio', 'none');
    drawing.setAttribute('class', 'grid-bars');
    drawing.setAttribute('aria-hidden', 'true');
    const wide = WIDTH / counts.length;
    counts.forEach((count, i) => {
      if (!count) return;
      const bar = document.createElementNS(SVG, 'rect');
      const height = Math.max(1, (count / most) * HEIGHT);
      const gap = counts.length > 1 ? Math.min(1, wide / 5) : 0;
      Object.entries({ x: i * wide, y: HEIGHT - height, width: wide - gap, height }).forEach(([name, value]) => bar.setAttribute(name, value));
      drawing.append(bar);
    });
    return drawing;
  }

  function frequent(text, count, column) {
    const row = rg.create('div', 'grid-frequent');
    const present = column.count - column.missing;
    row.style.setProperty('--share', `${(100 * count) / present}%`);
    row.title = text + ': ' + rg.count(count);
    row.append(rg.create('span', '', text), rg.create('span', 'grid-share', rg.short((100 * count) / present, 2) + '\u202f%'));
    return row;
  }
})();
