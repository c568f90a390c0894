/* The answer to a query as a table: how its columns are written, sorting, links to runs, and what is copied and saved of it. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const sql = (rg.sql = rg.sql || {});
  const WIDEST = 44;
  const SAMPLE = 400;
  const LABELS = /^(seed|random_seed|random_state|id|port|year|step|epoch)$/i;

  /** Digits of a column of numbers: whole ones as they are, others with four digits that count in a typical value; null where they are too unlike. */
  function format(name, values) {
    const found = values.filter((value) => value !== null && Number.isFinite(value));
    if (found.every(Number.isInteger)) return ['number', 'integer', 0, !LABELS.test(name.split(/[./]/).pop())];
    const sizes = found.map(Math.abs).filter(Boolean).sort((a, b) => a - b);
    const typical = sizes[Math.floor(sizes.length / 2)];
    if (sizes[sizes.length - 1] / sizes[0] > 1e6) return null;
    if (typical < 1e-3 || typical >= 1e12) return ['number', 'scientific', 2, false];
    return ['number', 'fixed', Math.max(0, Math.min(9, 3 - Math.floor(Math.log10(typical)))), true];
  }

  /** A number among others of all sizes: four digits that count, whole ones entirely. */
  function alone(value) {
    const size = Math.abs(value);
    if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
    const isExtreme = size !== 0 && (size < 1e-3 || size >= 1e12);
    const digits = Math.max(4, Math.ceil(Math.log10(size + 1)));
    return (value < 0 ? '−' : '') + (isExtreme ? size.toExponential(2).replace('+', '') : String(Number(size.toPrecision(digits))));
  }

  /** The runs by what a column of this name says of them, by their ids or by their names; none for other columns. */
  function known(name, runs) {
    const at = { run: 0, id: 0, _run: 0, name: 1, _name: 1 }[name];
    return at === undefined ? new Map() : new Map(runs.filter((run) => run[at]).map((run) => [run[at], { page: run[2], colour: run[3] }]));
  }

  /** Has the values of a column written in another way. */
  function written(column, write) {
    Object.assign(column, { write, text: (i) => (column.values[i] === null ? '' : write(column.values[i])) });
  }

  function column(raw, runs) {
    const { kind, values } = raw;
    const name = rg.plain(raw.name);
    const about = { name, label: name, title: raw.name, kind, distinct: 0, missing: values.filter((value) => value === null).length };
    const form = kind === 'number' ? format(raw.name, values) : null;
    const made = rg.grid.column({ ...about, format: form || ['number', 'fixed', 0, false] }, values);
    if (kind === 'number' && !form) written(made, alone);
    if (kind === 'text') {
      written(made, rg.plain);
      const links = known(raw.name, runs);
      made.run = links.size ? (i) => links.get(values[i]) : null;
    }
    const longest = Math.max(1, ...values.slice(0, SAMPLE).map((_, i) => made.text(i).length + (made.run ? 2 : 0)));
    made.width = Math.max(8, Math.min(WIDEST, longest + 2), Math.min(WIDEST, Math.ceil(0.85 * name.length) + 3));
    return made;
  }

  /** An answer as a table for `grid.View`. */
  sql.sheet = function (answer, runs) {
    return { rows: answer.rows, columns: answer.columns.map((raw) => column(raw, runs)), keys: [], answers: null };
  };

  /** The rows in the order that they are shown, for `rg.tableCopy` and CSV. */
  sql.shown = function (sheet, order, isExact) {
    const cell = (one, i) => ({ text: isExact ? exact(one.value(i)) : one.text(i), number: one.isNumber });
    return {
      heads: sheet.columns.map((one) => one.title),
      numbers: sheet.columns.map((one) => one.isNumber),
      rows: Array.from(order, (i) => sheet.columns.map((one) => cell(one, i))),
    };
  };

  const exact = (value) => (value === null ? '' : String(value));

  /** Saves a text as a file. */
  sql.save = function (text, name, type) {
    const link = rg.create('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
})();
