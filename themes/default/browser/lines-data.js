/* The curves of a metric (reportgen/site/curves.py): unpacked when their chart is in view, placed on an axis, smoothed. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const ARRAYS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array };

  function decoded(text, Kind) {
    if (Uint8Array.fromBase64) return new Kind(Uint8Array.fromBase64(text).buffer);
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    return new Kind(bytes.buffer);
  }

  /** The numbers of all curves, one typed array for each; `counts` says how many numbers each has. */
  function unpack(packed, counts) {
    if (packed.same) {
      const one = fromDifferences(packed.same, counts[0] || 0);
      return counts.map(() => one);
    }
    const kind = Object.keys(packed).find((name) => name in ARRAYS);
    const all = decoded(packed[kind], ARRAYS[kind]);
    let from = 0;
    let started = 0;
    return counts.map((count) => {
      const part = all.subarray(from, (from += count));
      return kind[0] === 'f' || !count ? part : summed(part, packed.starts[started++]);
    });
  }

  function summed(differences, first) {
    const numbers = new Float64Array(differences.length);
    for (let i = 0, sum = first; i < numbers.length; i++) numbers[i] = sum += differences[i];
    return numbers;
  }

  function fromDifferences(runs, count) {
    const numbers = new Float64Array(count);
    let [at] = runs;
    numbers[0] = at;
    for (let r = 1, i = 1; r < runs.length; r += 2) {
      for (let k = 0; k < runs[r + 1]; k++) numbers[i++] = at += runs[r];
    }
    return numbers;
  }

  /** The points that have a place on the axis, in ascending order, as [x, y]. */
  function placed(x, y) {
    let isPlain = true;
    for (let i = 0; i < x.length && isPlain; i++) isPlain = x[i] === x[i] && (i === 0 || x[i] >= x[i - 1]);
    if (isPlain) return [x, y];
    const order = [...x.keys()].filter((i) => x[i] === x[i]).sort((a, b) => x[a] - x[b]);
    return [Float64Array.from(order, (i) => x[i]), Float64Array.from(order, (i) => y[i])];
  }

  const spacings = new WeakMap();

  /** The median of the positive distances between neighbours, 1 when there are none; looked for once. */
  function typicalSpacing(x) {
    if (!spacings.has(x)) spacings.set(x, medianDistance(x));
    return spacings.get(x);
  }

  function medianDistance(x) {
    const distances = [];
    for (let i = 1; i < x.length; i++) if (x[i] > x[i - 1]) distances.push(x[i] - x[i - 1]);
    if (!distances.length) return 1;
    const sorted = Float64Array.from(distances).sort();
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** The debiased exponential moving average, the same as `analysis/smoothing.py`: gaps stay gaps. */
  function movingAverage(x, y, weight) {
    const smooth = new Float64Array(y);
    if (!weight || y.length < 2) return smooth;
    const spacing = typicalSpacing(x);
    let [total, share, distance, decay] = [0, 0, 0, 1];
    for (let i = 0; i < smooth.length; i++) {
      const next = i === 0 ? 0 : Math.max(0, x[i] - x[i - 1]);
      if (next !== distance) [distance, decay] = [next, weight ** (next / spacing)];
      total *= decay;
      share *= decay;
      if (Number.isFinite(smooth[i])) {
        total += smooth[i];
        share += 1;
        smooth[i] = total / share;
      }
    }
    return smooth;
  }

  /** On a log axis the logarithms are averaged, so that the line runs through the middle of what is seen. */
  function smoothed(x, y, weight, isLog) {
    if (!isLog || !weight) return movingAverage(x, y, weight);
    return movingAverage(x, y.map((value) => (value > 0 ? Math.log(value) : NaN)), weight).map((value) => (Number.isNaN(value) ? NaN : Math.exp(value)));
  }

  class Metric {
    constructor(root, about, value, starts) {
      Object.assign(this, { root, about, value, starts });
      this.y = unpack(value.y, value.counts);
      this.axes = new Map();
    }

    /** Whether fewer points are here than were logged. */
    get isThinned() {
      return Boolean(this.value.logged);
    }

    /** The curves along an axis, by the place of their run; a Promise, since the axis may be in a script of its own. */
    along(axis) {
      if (!this.axes.has(axis)) this.axes.set(axis, this.curves(axis));
      return this.axes.get(axis);
    }

    async curves(axis) {
      let packed = this.value.x[axis === 'wall' ? 'time' : axis];
      if (typeof packed === 'string') packed = await rg.valueOf(this.root, packed);
      const curves = new Map();
      if (!packed) return curves;
      unpack(packed, this.value.counts).forEach((own, i) => {
        const run = this.value.runs[i];
        const [x, y] = placed(axis === 'wall' ? Float64Array.from(own, (one) => one + this.starts[run]) : own, this.y[i]);
        curves.set(run, { run, x, y, dropped: this.y[i].length - y.length });
      });
      return curves;
    }
  }

  /** A metric, when its script is there. */
  async function load(root, about, starts) {
    return new Metric(root, about, await rg.valueOf(root, about.script), starts);
  }

  rg.lines = Object.assign(rg.lines || {}, { Metric, load, unpack, movingAverage, smoothed });
})();
