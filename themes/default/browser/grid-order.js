/* Which rows of a table are shown, and in which order: sorting, filtering and grouping in slices, so that no task is long. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const grid = rg.grid;
  const BLOCK = 512;
  const NUMERIC = /^[-−+\d.,e∞naif]+$/i;
  const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

  /** Sorts an Int32Array by merging sorted blocks; null when it became stale. */
  async function sorted(indices, compare, isStale) {
    let from = indices.slice();
    const blocks = Math.ceil(from.length / BLOCK);
    const isDone = await grid.slices(blocks, (k) => from.subarray(k * BLOCK, (k + 1) * BLOCK).sort(compare), isStale, 1);
    if (!isDone) return null;
    let to = new Int32Array(from.length);
    for (let size = BLOCK; size < from.length; size *= 2) {
      for (let low = 0; low < from.length; low += 2 * size) {
        const middle = Math.min(low + size, from.length);
        const high = Math.min(low + 2 * size, from.length);
        let left = low;
        let right = middle;
        const isMerged = await grid.slices(high - low, (k) => {
          const takesLeft = left < middle && (right >= high || compare(from[left], from[right]) <= 0);
          to[low + k] = takesLeft ? from[left++] : from[right++];
        }, isStale);
        if (!isMerged) return null;
      }
      [from, to] = [to, from];
    }
    return from;
  }

  /** The place of each row's value in the order of the column; NaN for what is missing or not a number, which comes last. */
  async function ranks(column, rows, isStale) {
    if (column.ranks) return column.ranks;
    const made = new Float64Array(rows);
    if (column.isNumber) {
      if (!await grid.slices(rows, (i) => { const value = column.value(i); made[i] = value === null ? NaN : value; }, isStale)) return null;
      return (column.ranks = made);
    }
    const codes = new Map();
    const texts = [];
    const isCoded = await grid.slices(rows, (i) => {
      const value = column.value(i);
      if (value === null) { made[i] = NaN; return; }
      const text = column.write(value);
      if (!codes.has(text)) { codes.set(text, texts.length); texts.push(text); }
      made[i] = codes.get(text);
    }, isStale);
    if (!isCoded) return null;
    const order = await sorted(Int32Array.from(texts, (_, i) => i), (a, b) => collator.compare(texts[a], texts[b]) || a - b, isStale);
    if (!order) return null;
    const place = new Int32Array(texts.length);
    order.forEach((code, i) => { place[code] = i; });
    if (!await grid.slices(rows, (i) => { if (made[i] === made[i]) made[i] = place[made[i]]; }, isStale)) return null;
    return (column.ranks = made);
  }

  /** Rows in the order of a column; what is missing comes last in both directions, equal values in the order of the rows. */
  grid.sort = async function (sheet, indices, column, isDescending, isStale) {
    const keys = await ranks(column, sheet.rows, isStale);
    if (!keys) return null;
    const sign = isDescending ? -1 : 1;
    return sorted(indices, (a, b) => {
      const one = keys[a];
      const other = keys[b];
      if (one < other) return -sign;
      if (one > other) return sign;
      if (one === other) return a - b;
      return (one !== one ? 1 : 0) - (other !== other ? 1 : 0) || a - b;
    }, isStale);
  };

  /** Whether a row holds a word, for each column that may. */
  function holders(sheet, word) {
    return sheet.columns.filter((column) => !column.isNumber || NUMERIC.test(word)).map((column) => {
      const seen = new Map();
      const isRepeated = !column.isMedia && 4 * column.distinct < column.count;
      return (i) => {
        const value = column.value(i);
        if (value === null) return false;
        if (column.isNumber) return column.write(value).includes(word) || String(value).includes(word);
        if (!isRepeated) return column.write(value).toLowerCase().includes(word);
        if (!seen.has(value)) seen.set(value, column.write(value).toLowerCase().includes(word));
        return seen.get(value);
      };
    });
  }

  /** The rows that hold all words of a text and of which a condition is true; null when it became stale. */
  grid.filter = async function (sheet, text, condition, isStale) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean).map((word) => holders(sheet, word));
    const kept = new Int32Array(sheet.rows);
    let count = 0;
    const isDone = await grid.slices(sheet.rows, (i) => {
      if (condition && !condition(i)) return;
      if (words.every((several) => several.some((holds) => holds(i)))) kept[count++] = i;
    }, isStale);
    return isDone ? kept.slice(0, count) : null;
  };

  /** The rows by the values of a column: [{text, rows, means: column → mean of its finite numbers}], in the order of the values. */
  grid.group = async function (sheet, indices, column, isStale) {
    const keys = await ranks(column, sheet.rows, isStale);
    if (!keys) return null;
    const found = new Map();
    const numbers = sheet.columns.filter((one) => one.isNumber && one !== column);
    const isDone = await grid.slices(indices.length, (k) => {
      const i = indices[k];
      const text = column.value(i) === null ? '' : column.text(i);
      if (!found.has(text)) found.set(text, { text, rank: keys[i], rows: [], right: 0, answered: 0, sums: numbers.map(() => [0, 0]) });
      const group = found.get(text);
      group.rows.push(i);
      const isRight = grid.isRight(sheet, i);
      if (isRight !== null) {
        group.answered += 1;
        group.right += Number(isRight);
      }
      numbers.forEach((one, n) => {
        const value = one.value(i);
        if (value === null || !Number.isFinite(value)) return;
        group.sums[n][0] += value;
        group.sums[n][1] += 1;
      });
    }, isStale);
    if (!isDone) return null;
    const last = (rank) => (rank === rank ? rank : Infinity);
    const groups = [...found.values()].sort((a, b) => last(a.rank) - last(b.rank) || collator.compare(a.text, b.text));
    for (const group of groups) group.means = new Map(numbers.map((one, n) => [one, group.sums[n][1] ? group.sums[n][0] / group.sums[n][1] : null]));
    return groups;
  };
})();
