/* Several curves as one: their mean along x and what surrounds it, the same as `analysis/grouping.py`. The work is cut into
   pieces, so that the page answers in between. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const MOST = 300;
  const EVEN = 160;
  const LEAST_EVEN = 60;
  const RESAMPLES = 200;
  const RESAMPLED = 40;
  const LEAST_RESAMPLED = 16;
  const RESAMPLED_VALUES = 4000;
  const PIECE = 24;

  /** Lets the page answer when a piece of work has taken long enough. */
  function pieces() {
    let began = performance.now();
    return async () => {
      if (performance.now() - began < PIECE) return;
      await rg.grid.pause();
      began = performance.now();
    };
  }

  /** The positions of the mean: all of the curves where they are few, else even ones between their ends, about as many as the longest has. */
  function positions(curves) {
    const all = new Set();
    let low = Infinity;
    let high = -Infinity;
    let longest = 0;
    for (const { x } of curves) {
      if (!x.length) continue;
      longest = Math.max(longest, x.length);
      low = Math.min(low, x[0]);
      high = Math.max(high, x[x.length - 1]);
      for (let i = 0; i < x.length && all.size <= MOST; i++) all.add(x[i]);
    }
    if (all.size <= MOST) return Float64Array.from(all).sort();
    const count = Math.max(LEAST_EVEN, Math.min(EVEN, longest));
    return Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  }

  /** A curve at ascending positions, put into `values`: straight between two neighbours, nothing outside of it or in a gap. */
  function at({ x, y }, grid, values) {
    const end = x.length;
    values.fill(NaN);
    for (let i = 0, k = 0; i < grid.length; i++) {
      const here = grid[i];
      while (k < end && (x[k] < here || (k + 1 < end && x[k + 1] === x[k]))) k++;
      if (k >= end) break;
      let value = NaN;
      if (x[k] === here) value = y[k];
      else if (k > 0) {
        const share = (here - x[k - 1]) / (x[k] - x[k - 1]);
        value = y[k - 1] * (1 - share) + y[k] * share;
      }
      // What is not finite is a gap.
      if (value - value === 0) values[i] = value;
    }
  }

  /** Numbers in [0, 1) from a seed (mulberry32): the same band at every look. */
  function random(seed) {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  const drawn = new Map();

  /** Which of `n` values each sample takes, with replacement: the same at every position and at every look. */
  function draws(n) {
    if (!drawn.has(n)) {
      if (drawn.size > 16) drawn.clear();
      const draw = random(n);
      drawn.set(n, Uint16Array.from({ length: RESAMPLES * n }, () => (draw() * n) | 0));
    }
    return drawn.get(n);
  }

  /** The central 95 % of the means of samples of the first `n` values (Efron 1979). */
  function interval(values, n) {
    if (n < 2) return [NaN, NaN];
    const chosen = draws(n);
    const means = new Float64Array(RESAMPLES);
    for (let r = 0, k = 0; r < RESAMPLES; r++) {
      let sum = 0;
      for (const end = k + n; k < end; k++) sum += values[chosen[k]];
      means[r] = sum / n;
    }
    means.sort();
    const quantile = (share) => {
      const place = share * (RESAMPLES - 1);
      const low = Math.floor(place);
      return means[low] + (means[Math.min(low + 1, RESAMPLES - 1)] - means[low]) * (place - low);
    };
    return [quantile(0.025), quantile(0.975)];
  }

  /** Some of the positions, the first and the last among them: resampling is slow. */
  function someOf(length, most) {
    const some = Math.min(length, most);
    return Array.from({ length: some }, (_, i) => (some > 1 ? Math.round((i * (length - 1)) / (some - 1)) : 0));
  }

  /** The bootstrap interval of the mean, as far from the mean between the positions that are resampled as a straight line is. */
  async function bootstrap(curves, { x, y }, rest) {
    const chosen = someOf(x.length, Math.max(LEAST_RESAMPLED, Math.min(RESAMPLED, Math.round(RESAMPLED_VALUES / curves.length))));
    const grid = Float64Array.from(chosen, (i) => x[i]);
    const columns = chosen.map(() => new Float64Array(curves.length));
    const counts = chosen.map(() => 0);
    const values = new Float64Array(grid.length);
    for (const curve of curves) {
      at(curve, grid, values);
      for (let k = 0; k < grid.length; k++) if (values[k] === values[k]) columns[k][counts[k]++] = values[k];
    }
    await rest();
    const [below, above] = [0, 1].map(() => new Float64Array(x.length).fill(NaN));
    for (const [k, i] of chosen.entries()) {
      const [low, high] = interval(columns[k], counts[k]);
      [below[i], above[i]] = [y[i] - low, high - y[i]];
      await rest();
    }
    for (const numbers of [below, above]) bridge(numbers, chosen);
    return { low: y.map((value, i) => value - below[i]), high: y.map((value, i) => value + above[i]) };
  }

  /** Sets what stands between the chosen numbers, straight from one to the next. */
  function bridge(numbers, chosen) {
    for (let k = 0; k + 1 < chosen.length; k++) {
      const [from, to] = [chosen[k], chosen[k + 1]];
      for (let i = from + 1; i < to; i++) numbers[i] = numbers[from] + ((numbers[to] - numbers[from]) * (i - from)) / (to - from);
    }
  }

  /* The bands: each takes the moments of curves and the curves, and gives {low, high}. */
  const BANDS = {
    none: () => null,
    minmax: ({ least, most }) => ({ low: least, high: most }),

    se({ y, n, squares }) {
      const half = squares.map((sum, i) => (n[i] > 1 ? Math.sqrt(sum / (n[i] - 1) / n[i]) : NaN));
      return { low: y.map((value, i) => value - half[i]), high: y.map((value, i) => value + half[i]) };
    },

    bootstrap: (found, curves, rest) => bootstrap(curves, found, rest),
  };

  /**
   * Curves along common positions, in one pass (Welford 1962).
   * @returns {x, y, n, least, most, squares}: at each position the mean, how many curves have a value there, the least and the
   *   greatest, and the sum of the squared distances from the mean.
   */
  async function moments(curves, rest) {
    const x = positions(curves);
    const n = new Uint16Array(x.length);
    const [y, squares, least, most] = [0, 0, Infinity, -Infinity].map((value) => new Float64Array(x.length).fill(value));
    const values = new Float64Array(x.length);
    for (const curve of curves) {
      at(curve, x, values);
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        if (value !== value) continue;
        const distance = value - y[i];
        y[i] += distance / ++n[i];
        squares[i] += distance * (value - y[i]);
        if (value < least[i]) least[i] = value;
        if (value > most[i]) most[i] = value;
      }
      await rest();
    }
    for (let i = 0; i < x.length; i++) if (!n[i]) y[i] = least[i] = most[i] = NaN;
    return { x, y, n, least, most, squares };
  }

  /**
   * The band around the mean of curves.
   * @param kind 'minmax', 'se', 'bootstrap' or 'none'.
   * @param found What `moments` gave for the curves.
   * @param rest Is awaited between pieces of work; see `pieces`.
   * @returns {low, high} or null.
   */
  const band = async (kind, found, curves, rest) => BANDS[kind](found, curves, rest);

  rg.lines = Object.assign(rg.lines || {}, { moments, band, pieces });
})();
