/* Several curves as one: their mean along x and what surrounds it, the same as `analysis/grouping.py`. The work is cut into
   pieces, so that the page answers in between. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const MOST = 500;
  const EVEN = 256;
  const RESAMPLES = 400;
  const PIECE = 12;

  /** Lets the page answer when a piece of work has taken long enough. */
  function pieces() {
    let began = performance.now();
    return async () => {
      if (performance.now() - began < PIECE) return;
      await new Promise((resume) => { setTimeout(resume); });
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

  /** The central 95 % of the means of samples of the values, drawn with replacement (Efron 1979). */
  function bootstrap(values) {
    const draw = random(1);
    const means = new Float64Array(RESAMPLES);
    for (let r = 0; r < RESAMPLES; r++) {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += values[(draw() * values.length) | 0];
      means[r] = sum / values.length;
    }
    means.sort();
    const quantile = (share) => {
      const place = share * (RESAMPLES - 1);
      const low = Math.floor(place);
      return means[low] + (means[Math.min(low + 1, RESAMPLES - 1)] - means[low]) * (place - low);
    };
    return [quantile(0.025), quantile(0.975)];
  }

  const BANDS = {
    minmax: (values) => [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))],
    se(values, mean) {
      if (values.length < 2) return [NaN, NaN];
      const half = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length);
      return [mean - half, mean + half];
    },
    bootstrap: (values) => (values.length < 2 ? [NaN, NaN] : bootstrap(values)),
  };

  /**
   * The mean of curves and the band around it.
   * @param kind 'minmax', 'se', 'bootstrap' or 'none'.
   * @param rest Is awaited between pieces of work; see `pieces`.
   * @returns {x, y, n, band: {low, high} or null}: n is how many curves have a value there.
   */
  async function summarise(curves, kind, rest) {
    const grid = positions(curves);
    const aligned = [];
    for (const curve of curves) {
      aligned.push(at(curve, grid));
      await rest();
    }
    const y = new Float64Array(grid.length).fill(NaN);
    const n = new Uint16Array(grid.length);
    const band = kind === 'none' ? null : { low: y.slice(), high: y.slice() };
    for (let i = 0; i < grid.length; i++) {
      const values = [];
      for (const one of aligned) if (one[i] === one[i]) values.push(one[i]);
      n[i] = values.length;
      if (!values.length) continue;
      y[i] = values.reduce((sum, value) => sum + value, 0) / values.length;
      if (band) [band.low[i], band.high[i]] = BANDS[kind](values, y[i]);
      if (i % 8 === 0) await rest();
    }
    return { x: grid, y, n, band };
  }

  rg.lines = Object.assign(rg.lines || {}, { summarise, pieces });
})();
