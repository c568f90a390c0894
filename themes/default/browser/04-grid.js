/* Logged tables (reportgen/site/pages/tables/): columns unpacked, their values as they are read, work in slices of a few milliseconds. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const { say } = rg;
  const SLICE = 10;
  const grid = (rg.grid = {});
  const channel = new MessageChannel();
  const waiting = [];
  let begin = 0;

  channel.port1.onmessage = () => {
    begin = performance.now();
    waiting.shift()();
  };

  /** Lets the browser do what else there is to do. */
  grid.pause = () => new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });

  /** Calls `act` for 0 to count - 1 in slices, looking at the clock after `every` calls; false when `isStale` says that nobody waits for it any more. */
  grid.slices = async function (count, act, isStale = () => false, every = 64) {
    for (let i = 0; i < count; i++) {
      act(i);
      if ((i % every === every - 1 || i === count - 1) && performance.now() - begin > SLICE) {
        await grid.pause();
        if (isStale()) return false;
      }
    }
    return !isStale();
  };

  /** How numbers of a column are written, as `ColumnFormat` writes them (reportgen/analysis/column_format.py). */
  grid.writer = function ([style, notation, decimals, isGrouped]) {
    const scientific = (size, digits) => size.toExponential(digits).replace('+', '');
    const apart = (text) => text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
    const unsigned = (size) => {
      if (notation === 'scientific') return size === 0 ? '0' : scientific(size, decimals);
      if ((size > 0 && size < 1 && Number(size.toFixed(decimals)) === 0) || size >= 1e12) return scientific(size, 1);
      return isGrouped ? apart(size.toFixed(decimals)) : size.toFixed(decimals);
    };
    return (value) => {
      if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
      const written = style === 'duration' ? duration(Math.abs(value), decimals) : unsigned(Math.abs(value));
      return value < 0 ? '−' + written : written;
    };
  };

  function duration(seconds, decimals) {
    if (decimals) return say('{n} s', { n: seconds.toFixed(decimals) });
    const whole = Math.round(seconds);
    if (whole < 60) return say('{n} s', { n: whole });
    if (whole < 3600) return say('{minutes} min {seconds} s', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
    const minutes = Math.round(seconds / 60);
    if (minutes < 24 * 60) return say('{hours} h {minutes} min', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
    const hours = Math.round(seconds / 3600);
    return say('{days} d {hours} h', { days: Math.floor(hours / 24), hours: hours % 24 });
  }

  const MEDIA = new Set(['image', 'audio', 'video', 'media']);
  grid.isMedia = (column) => MEDIA.has(column.kind);

  /** What a value that is not missing is read as. */
  function textOf(column) {
    if (column.kind === 'number') {
      const write = grid.writer(column.format);
      return (value) => write(value);
    }
    return grid.isMedia(column) ? (value) => value.caption || value.kind : String;
  }

  /** A column with `value(row)` (number, text, boolean, medium or null) and `text(row)`. */
  grid.column = function (raw, unpacked) {
    const isMedia = grid.isMedia(raw);
    const values = raw.kind === 'bool' ? unpacked.map((one) => (one === null ? null : one === 'true')) : unpacked;
    const column = { ...raw, values, isMedia, count: values.length, isNumber: raw.kind === 'number', value: (i) => values[i] };
    const write = textOf(column);
    column.write = write;
    column.text = (i) => (values[i] === null ? '' : write(values[i]));
    return column;
  };

  /** The values of a column; those of a long one come in several scripts. */
  async function valuesOf(root, raw) {
    const unpack = (packed) => (grid.isMedia(raw) ? packed : rg.unpack(packed));
    if (!raw.values.parts) return unpack(raw.values);
    let values = [];
    for (const path of raw.values.parts) {
      values = values.concat(unpack(await rg.valueOf(root, path)));
      await grid.pause();
    }
    return values;
  }

  /** A table of the build as {rows, columns, keys, answers}. */
  grid.sheet = async function (root, path) {
    const raw = await rg.valueOf(root, path);
    if (!raw.sheet) {
      const columns = [];
      for (const one of raw.columns) {
        columns.push(grid.column(one, await valuesOf(root, one)));
        await grid.pause();
      }
      const named = (name) => columns.find((column) => column.name === name);
      raw.sheet = { rows: raw.rows, columns, keys: raw.keys, answers: raw.answers.length ? raw.answers.map(named) : null };
    }
    return raw.sheet;
  };

  /** Whether a column holds media that can be shown, and not only their names. */
  grid.hasFiles = (column) => column.hasFiles ?? Boolean(column.values?.some((one) => one?.as));

  /** Whether the prediction of a row is right; null where the table does not say. */
  grid.isRight = function (sheet, i) {
    if (!sheet.answers || i < 0) return null;
    const [truth, guess] = sheet.answers.map((column) => column.value(i));
    return truth === null || guess === null ? null : truth === guess;
  };
})();
