/* The scales of a line chart: where a value stands, which ticks there are, and how they are written. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const UNITS = [[120, 1, 's'], [7200, 60, 'min'], [172800, 3600, 'h'], [Infinity, 86400, 'd']];
  const DAY = 86400;
  /* What is packed in four bytes may lie so much beyond a round end. */
  const NEAR = 1e-6;

  /** A unit of time in the page's language. */
  const unitName = (unit) => ({ s: rg.say('s'), min: rg.say('min'), h: rg.say('h'), d: rg.say('d') })[unit];

  /**
   * A scale from values to pixels.
   * @param kind 'linear', 'log', 'time' (seconds since the start) or 'wall' (epoch seconds).
   */
  function scale(kind, low, high, from, to) {
    const isLog = kind === 'log';
    const of = isLog ? Math.log10 : (value) => value;
    const start = of(low);
    const length = of(high) - start || 1;
    const factor = (to - from) / length;
    const unit = kind === 'time' ? UNITS.find(([most]) => Math.max(Math.abs(low), Math.abs(high)) <= most) : null;
    return {
      kind, low, high, isLog, unit: unit ? unitName(unit[2]) : '',
      place: (value) => from + (of(value) - start) * factor,
      at: (pixel) => (isLog ? 10 ** (start + (pixel - from) / factor) : start + (pixel - from) / factor),
      ticks: (count) => ticks(kind, low, high, count, unit),
    };
  }

  /** [value, text] of each tick. */
  function ticks(kind, low, high, count, unit) {
    if (kind === 'log') return logTicks(low, high, count).map((value) => [value, rg.short(value)]);
    if (kind === 'time') return round(low / unit[1], high / unit[1], count).map((value) => [value * unit[1], rg.short(value, 6)]);
    if (kind === 'wall') return clockTicks(low, high, count);
    return round(low, high, count).map((value) => [value, rg.short(value, 6)]);
  }

  /** The round distance that gives about `count` ticks, as `tick_step` of reportgen/charts/axis.py. */
  function stepOf(low, high, count) {
    const rough = high / count - low / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const error = rough / power;
    return power * (error >= Math.sqrt(50) ? 10 : error >= Math.sqrt(10) ? 5 : error >= Math.sqrt(2) ? 2 : 1);
  }

  function round(low, high, count) {
    if (!(high > low)) return [low];
    const step = stepOf(low, high, count);
    const found = [];
    for (let i = Math.ceil(low / step - 1e-9); i <= Math.floor(high / step + 1e-9); i++) found.push(i === 0 ? 0 : Number((i * step).toPrecision(12)));
    return found;
  }

  function logTicks(low, high, count) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(high) + 1e-9);
    const step = Math.max(1, Math.ceil((last - first + 1) / count));
    const found = [];
    for (let power = first; power <= last; power += step) found.push(10 ** power);
    if (found.length > 2) return found;
    for (const digits of [[1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
      const inside = [];
      for (let power = first - 1; power <= last; power++) {
        for (const digit of digits) inside.push(Number((digit * 10 ** power).toPrecision(6)));
      }
      const kept = inside.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
      if (kept.length > 2) return kept;
    }
    return [low, high];
  }

  const CLOCK = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY];

  function clockTicks(low, high, count) {
    const step = CLOCK.find((one) => (high - low) / one <= count) || Math.ceil((high - low) / count / (365 * DAY)) * 365 * DAY;
    const found = [];
    for (let value = Math.ceil(low / step) * step; value <= high; value += step) found.push([value, clockText(value, step)]);
    return found.length ? found : [[low, clockText(low, 1)]];
  }

  function clockText(seconds, step) {
    const text = new Date(seconds * 1000).toISOString();
    if (step >= DAY) return text.slice(0, 10);
    return step < 60 ? text.slice(11, 19) : step < DAY / 2 ? text.slice(11, 16) : text.slice(5, 10) + ' ' + text.slice(11, 16);
  }

  /** A position on the x axis as it is said. */
  function said(kind, value) {
    if (kind === 'wall') return new Date(value * 1000).toISOString().slice(0, 19).replace('T', ' ') + ' UTC';
    if (kind === 'time') {
      const [, by, unit] = UNITS.find(([most]) => Math.abs(value) <= most);
      return rg.short(value / by, 4) + ' ' + unitName(unit);
    }
    return Number.isInteger(value) && Math.abs(value) >= 1e4 && Math.abs(value) < 1e15 ? rg.count(value) : rg.short(value, 7);
  }

  /** Round ends around two values; from zero when zero is near; two different ends also around one value. */
  function nice(low, high, isLog) {
    if (isLog) {
      if (!(high > low)) [low, high] = [low / 2, high * 2];
      const down = 10 ** Math.floor(Math.log10(low));
      const up = 10 ** Math.floor(Math.log10(high));
      return [Math.floor(low / down + NEAR) * down, Math.ceil(high / up - NEAR) * up];
    }
    const size = Math.max(Math.abs(low), Math.abs(high));
    if (high - low <= 1e-12 * size) [low, high] = size ? [low - size / 10, high + size / 10] : [-1, 1];
    if (low > 0 && low <= (high - low) / 2) low = 0;
    else if (high < 0 && -high <= (high - low) / 2) high = 0;
    const step = stepOf(low, high, 5);
    return [Math.floor(low / step + NEAR) * step, Math.ceil(high / step - NEAR) * step];
  }

  rg.lines = Object.assign(rg.lines || {}, { scale, said, nice });
})();
