/* The values of a layer's histograms (reportgen/site/pages/gradients.py): edges, ranges, and shares on common bins. */
(function () {
  'use strict';

  const rg = window.reportgen;

  /** All edges of the bins at a step. */
  function edgesOf(layer, i) {
    const bins = layer.bins[i];
    const count = layer.counts[i].length;
    if (bins.length !== 2 || count === 1) return bins;
    return Array.from({ length: count + 1 }, (_, k) => (k === count ? bins[1] : bins[0] + ((bins[1] - bins[0]) * k) / count));
  }

  /** The share of a step's values below each of `at`; inside a bin they lie evenly, a bin of no width is a step. */
  function below(edges, counts, at) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const shares = new Float64Array(at.length);
    let k = 0;
    let before = 0;
    for (let i = 0; i < at.length; i++) {
      while (k < counts.length && edges[k + 1] < at[i]) before += counts[k++];
      if (k >= counts.length) shares[i] = 1;
      else if (at[i] <= edges[k]) shares[i] = before / total;
      else shares[i] = (before + (counts[k] * (at[i] - edges[k])) / (edges[k + 1] - edges[k])) / total;
    }
    return shares;
  }

  /** From the lowest to the highest edge of all steps, or the central 99 per cent of the mean over the steps. */
  function range(layer, isWhole) {
    const edges = layer.steps.map((_, i) => edgesOf(layer, i));
    let low = Math.min(...edges.map((one) => one[0]));
    let high = Math.max(...edges.map((one) => one[one.length - 1]));
    if (high <= low) {
      const pad = Math.abs(low) / 2 || 0.5;
      return [low - pad, high + pad];
    }
    if (isWhole) return [low, high];
    const grid = Array.from({ length: 2049 }, (_, i) => low + ((high - low) * i) / 2048);
    const mean = new Float64Array(grid.length);
    edges.forEach((one, i) => below(one, layer.counts[i], grid).forEach((share, k) => { mean[k] += share / edges.length; }));
    const first = mean.findIndex((share) => share > 0.005);
    const last = mean.findIndex((share) => share >= 0.995);
    const from = grid[Math.max(0, first - 1)];
    const to = last < 0 ? high : grid[last];
    if (to > from) [low, high] = [from, to];
    return [low, high];
  }

  /** For each step the share of its values in each of `count` common bins from low to high. */
  function shares(layer, [low, high], count) {
    const at = Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
    return layer.steps.map((_, i) => {
      const sums = below(edgesOf(layer, i), layer.counts[i], at);
      return Float64Array.from({ length: count }, (_unused, k) => sums[k + 1] - sums[k]);
    });
  }

  rg.layers = { edgesOf, range, shares };
})();
