/* Several curves as one: their mean along x and what surrounds it, the same as `analysis/grouping.py`. The work is cut into
   pieces, so that the page answers in between. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const MOST = 300;
  const EVEN = 160;
  const RESAMPLES = 200;
  const RESAMPLED = 40;
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

  /** The positions of the mean: all of the curves where they are few, else even ones between their ends. */
  function positions(curves) {
    const all = new Set();
    let low = Infinity;
    let high = -Infinity;
    for (const { x } of curves) {
      if (!x.length) continue;
      low = Math.min(low, x[0]);
      high = Math.max(high, x[x.length - 1]);
      for (let i = 0; i < x.length && all.size <= MOST; i++) all.add(x[i]);
    }
    if (all.size <= MOST) return Float64Array.from(all).sort();
    return Float64Array.from({ length: EVEN }, (_, i) => low + ((high - low) * i) / (EVEN - 1));
  }

  /** A curve at ascending positions: straight between two neighbours, nothing outside of it or in a gap. */
  function at(curve, grid) {
    const { x, y } = curve;
    const values = new Float64Array(grid.length).fill(NaN);
    let k = 0;
    for (let i = 0; i < grid.length; i++) {
      while (k < x.length && (x[k] < grid[i] || (k + 1 < x.length && x[k + 1] === x[k]))) k++;
      if (k >= x.length) break;
      if (x[k] === grid[i]) values[i] = finite(y[k]);
      else if (k > 0) {
        const share = (grid[i] - x[k - 1]) / (x[k] - x[k - 1]);
        values[i] = finite(y[k - 1]) * (1 - share) + finite(y[k]) * share;
      }
    }
    return values;
  }

  const finite = (value) => (Number.isFinite(value) ? value : NaN);

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
      const draw = random(n);
      drawn.set(n, Uint16Array.from({ length: RESAMPLES * n }, () => (draw() * n) | 0));
    }
    return drawn.get(n);
  }

  /** The central 95 % of the means of samples of the values (Efron 1979). */
  function bootstrap(values) {
    const n = values.length;
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

  /** What stands between every `by`-th number, straight from one to the next. */
  function bridged(numbers, by) {
    for (let from = 0; from + 1 < numbers.length; from += by) {
      const to = Math.min(from + by, numbers.length - 1);
      for (let i = from + 1; i < to; i++) numbers[i] = numbers[from] + ((numbers[to] - numbers[from]) * (i - from)) / (to - from);
    }
  }

  /* The bands: each takes the aligned curves and their sums, and gives {low, high}. */
  const BANDS = {
    none: () => null,
    minmax: (aligned, { least, most }) => ({ low: least, high: most }),

    se(aligned, { y, n }) {
      const squares = new Float64Array(y.length);
      for (const one of aligned) for (let i = 0; i < one.length; i++) if (one[i] === one[i]) squares[i] += (one[i] - y[i]) ** 2;
      const half = squares.map((sum, i) => (n[i] > 1 ? Math.sqrt(sum / (n[i] - 1) / n[i]) : NaN));
      return { low: y.map((value, i) => value - half[i]), high: y.map((value, i) => value + half[i]) };
    },

    /* Resampling is slow: of many positions it is done at some of them. */
    async bootstrap(aligned, { y }, rest) {
      const [low, high] = [new Float64Array(y.length).fill(NaN), new Float64Array(y.length).fill(NaN)];
      const by = Math.ceil(y.length / RESAMPLED);
      for (let i = 0; i < y.length; i = i === y.length - 1 ? y.length : Math.min(i + by, y.length - 1)) {
        const values = Float64Array.from(aligned, (one) => one[i]).filter((value) => value === value);
        [low[i], high[i]] = bootstrap(values);
        await rest();
      }
      if (by > 1) [low, high].forEach((numbers) => bridged(numbers, by));
      return { low, high };
    },
  };

  /** Mean, number, least and greatest of the values at each position. */
  function sums(aligned, length) {
    const [y, least, most] = [0, Infinity, -Infinity].map((value) => new Float64Array(length).fill(value));
    const n = new Uint16Array(length);
    for (const one of aligned) {
      for (let i = 0; i < length; i++) {
        const value = one[i];
        if (value !== value) continue;
        y[i] += value;
        n[i] += 1;
        if (value < least[i]) least[i] = value;
        if (value > most[i]) most[i] = value;
      }
    }
    for (let i = 0; i < length; i++) {
      if (n[i]) y[i] /= n[i];
      else y[i] = least[i] = most[i] = NaN;
    }
    return { y, n, least, most };
  }

  /**
   * The mean of curves and the band around it.
   * @param kind 'minmax', 'se', 'bootstrap' or 'none'.
   * @param rest Is awaited between pieces of work; see `pieces`.
   * @returns {x, y, n, band: {low, high} or null}: n is how many curves have a value there.
   */
  async function summarise(curves, kind, rest) {
    const x = positions(curves);
    const aligned = [];
    for (const curve of curves) {
      aligned.push(at(curve, x));
      await rest();
    }
    const found = sums(aligned, x.length);
    await rest();
    return { x, y: found.y, n: found.n, band: await BANDS[kind](aligned, found, rest) };
  }

  rg.lines = Object.assign(rg.lines || {}, { summarise, pieces });
})();
