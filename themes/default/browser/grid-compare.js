/* Two tables joined on a key: what changed from one to the other, side by side. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const grid = rg.grid;

  /** The columns by which rows of both tables can be known, the likeliest first. */
  grid.keys = (one, other) => one.keys.filter((name) => other.keys.includes(name));

  /** Row of the key's value, for each row that has one. */
  async function places(sheet, key, isStale) {
    const found = new Map();
    const column = key && sheet.columns.find((one) => one.name === key);
    const isDone = await grid.slices(sheet.rows, (i) => {
      const value = column ? column.value(i) : i;
      if (value !== null && !found.has(String(value))) found.set(String(value), i);
    }, isStale);
    return isDone ? found : null;
  }

  /**
   * Joins two tables.
   * @param sides Two of {sheet, label, colour}.
   * @param key The name of a column of both; '' joins by the number of the row.
   * @returns {sheet, counts: {joined, fixed, broken, other, onlyFirst, onlySecond}, changed: (row) => boolean}; null when it became stale.
   */
  grid.join = async function (sides, key, isStale) {
    const [one, other] = sides.map((side) => side.sheet);
    const [inOne, inOther] = [await places(one, key, isStale), await places(other, key, isStale)];
    if (!inOne || !inOther) return null;
    const values = [...inOne.keys(), ...[...inOther.keys()].filter((value) => !inOne.has(value))];
    const rows = [inOne, inOther].map((found) => Int32Array.from(values, (value) => found.get(value) ?? -1));
    const pairs = one.columns.map((column) => [column, other.columns.find((two) => two.name === column.name)]).filter(([column, two]) => two && two.kind === column.kind);
    const counts = { joined: 0, fixed: 0, broken: 0, other: 0, onlyFirst: 0, onlySecond: 0 };
    const differing = new Set();
    const kinds = new Array(values.length);
    const isDone = await grid.slices(values.length, (k) => {
      const [i, j] = [rows[0][k], rows[1][k]];
      if (i >= 0 && j >= 0) for (const pair of pairs) if (pair[0].name !== key && !isSame(pair, i, j)) differing.add(pair[0].name);
      kinds[k] = kindOf(one, other, pairs, key, i, j);
      counts.joined += Number(i >= 0 && j >= 0);
      if (kinds[k]) counts[kinds[k]] += 1;
    }, isStale);
    if (!isDone) return null;
    const sheet = sheetOf(sides, pairs, key, rows, kinds, differing);
    return { sheet, counts, changed: (k) => Boolean(kinds[k]) };
  };

  function isSame([one, other], i, j) {
    const [a, b] = [one.value(i), other.value(j)];
    if (a === null || b === null) return a === b;
    if (one.isMedia) return (a.src || '') === (b.src || '') && (a.caption || '') === (b.caption || '');
    return a === b || (a !== a && b !== b);
  }

  /** What became of a row: where there are predictions, that is what they say; else whether any value differs. */
  function kindOf(one, other, pairs, key, i, j) {
    if (i < 0) return 'onlySecond';
    if (j < 0) return 'onlyFirst';
    const [before, after] = [grid.isRight(one, i), grid.isRight(other, j)];
    if (before !== null && after !== null) {
      if (before !== after) return after ? 'fixed' : 'broken';
      return one.answers[1].value(i) === other.answers[1].value(j) ? '' : 'other';
    }
    return pairs.every((pair) => pair[0].name === key || isSame(pair, i, j)) ? '' : 'other';
  }

  const WORDS = () => ({
    '': rg.say('same'), fixed: rg.say('now right'), broken: rg.say('now wrong'), other: rg.say('changed'), onlyFirst: rg.say('only first'), onlySecond: rg.say('only second'),
  });

  function sheetOf(sides, pairs, key, rows, kinds, differing) {
    const words = WORDS();
    const changes = derived({ name: rg.say('change'), kind: 'text', width: 14, isWords: true }, (k) => words[kinds[k]], rows[0].length);
    changes.mark = (k) => ({ fixed: 'right', broken: 'wrong', '': 'same' }[kinds[k]] || '');
    const columns = [changes];
    for (const [column, other] of pairs) {
      const [one, two] = [column, other].map((from, side) => (k) => (rows[side][k] < 0 ? null : from.value(rows[side][k])));
      if (column.name === key || !differing.has(column.name)) {
        columns.push(derived(column, (k) => one(k) ?? two(k), rows[0].length));
        continue;
      }
      // Numbers with a fraction nearly always differ: marking them would say nothing.
      const isTold = !column.isNumber || column.format[1] === 'integer';
      const differs = (k) => (isTold && rows[0][k] >= 0 && rows[1][k] >= 0 && !isSame([column, other], rows[0][k], rows[1][k]) ? 'changed' : '');
      [one, two].forEach((value, side) => {
        const made = derived([column, other][side], value, rows[0].length);
        // The names of the two columns are their own in a condition, too: prediction, prediction_2.
        if (side) made.name = column.name + '_2';
        made.label = column.name;
        made.title = column.name + ' · ' + sides[side].label;
        made.colour = sides[side].colour;
        const isGuess = sides[side].sheet.answers?.[1].name === column.name;
        made.mark = (k) => (isGuess && grid.isRight(sides[side].sheet, rows[side][k]) === false ? 'wrong' : differs(k));
        columns.push(made);
      });
    }
    return { rows: rows[0].length, columns, keys: [], answers: null };
  }

  function derived(column, value, count) {
    const write = column.write || String;
    return {
      ...column, value, write, count, values: null, hasFiles: grid.hasFiles(column), ranks: null, isCompared: true, isMedia: Boolean(column.isMedia), isNumber: Boolean(column.isNumber),
      mark: null, missing: column.missing || 0,
      text: (k) => {
        const found = value(k);
        return found === null ? '' : write(found);
      },
    };
  }
})();
