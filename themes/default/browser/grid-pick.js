/* Values that are picked by the bars on the heads of columns: only rows with them are shown, each pick stands above the table until it is
   taken away, and the address keeps them. A pick is ['=', text] or [low, high, whether the high end belongs to it]; a column has one at most. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const grid = rg.grid;

  /** The picks of the address: name of a column → pick. */
  function picked() {
    try {
      return new Map(JSON.parse(rg.view.get('only') || '[]').filter((one) => isPick(one[1])));
    } catch {
      return new Map();
    }
  }

  /** Of a longer text the build gives so many letters. */
  const LETTERS = 200;

  const isPick = (values) => Array.isArray(values) && (values[0] === '=' ? typeof values[1] === 'string' : Number.isFinite(values[0]) && Number.isFinite(values[1]));

  function keep(picks) {
    rg.view.set({ only: picks.size ? JSON.stringify([...picks]) : '' });
  }

  /** Those columns of a table that have a pick, with it. */
  const those = (sheet) => {
    const picks = picked();
    return sheet.columns.filter((column) => picks.has(column.name) && !column.isMedia).map((column) => [column, picks.get(column.name)]);
  };

  grid.pick = {
    /** The values of a bar: the edges are those by which the build counted (`numpy.linspace`), the last bin holds its upper end. */
    bin(column, i) {
      const [low, high, { length }] = column.bins;
      const edge = (k) => (k === length ? high : k * ((high - low) / length) + low);
      return [edge(i), edge(i + 1), i === length - 1];
    },

    /** How a pick is read: “0.9 – 0.95”, “7”, “cat”. */
    text(values, column) {
      if (values[0] === '=') return values[1];
      const [low, high] = values;
      // Bins of whole numbers reach half below and above them.
      const isWhole = column.format[1] === 'integer' && low % 1 !== 0;
      const ends = isWhole ? [Math.ceil(low), Math.floor(high)] : [low, high];
      return ends[0] >= ends[1] ? column.write(ends[0]) : ends.map(column.write).join(' – ');
    },

    /** Picks values of a column, or lets go of them where they are picked already. */
    toggle(column, values) {
      const picks = picked();
      if (JSON.stringify(picks.get(column.name)) === JSON.stringify(values)) picks.delete(column.name);
      else picks.set(column.name, values);
      keep(picks);
    },

    /** Whether a row has what is picked; null when nothing is. */
    test(sheet) {
      const tests = those(sheet).map(([column, [low, high, isLast]]) => (low === '='
        ? (i) => column.value(i) !== null && String(column.value(i)).slice(0, high.length < LETTERS ? undefined : LETTERS) === high
        : (i) => { const value = column.value(i); return value !== null && value >= low && (value < high || (isLast && value <= high)); }));
      return tests.length ? (i) => tests.every((test) => test(i)) : null;
    },

    /** Marks the bars that are picked, and shows each pick with a way to take it away. */
    show(sheet, heads, box, changed) {
      const found = those(sheet);
      for (const [column, head] of heads) {
        const values = JSON.stringify((found.find(([one]) => one === column) || [])[1]);
        head.classList.toggle('is-picked', values !== undefined);
        for (const button of head.querySelectorAll('[data-values]')) button.setAttribute('aria-pressed', String(button.dataset.values === values));
      }
      box.replaceChildren(...found.map(([column, values]) => {
        const chip = rg.create('button', 'grid-chip');
        const name = column.title || column.name;
        chip.type = 'button';
        chip.append(rg.create('span', 'grid-chip-name', name), ' ', rg.create('strong', '', grid.pick.text(values, column)));
        chip.setAttribute('aria-label', rg.say('{column} {values}: take away', { column: name, values: grid.pick.text(values, column) }));
        chip.addEventListener('click', () => {
          grid.pick.toggle(column, values);
          changed();
        });
        return chip;
      }));
    },
  };
})();
