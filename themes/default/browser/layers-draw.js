/* The pictures of a layer: its distribution over steps as a heatmap or as ridges, and the bins of one step beside it. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const INK = [66, 105, 208];
  const SPACE = { left: 64, right: 8, top: 8, bottom: 34 };
  const BINS = 96;
  const RIDGES = 24;

  /** Where the plot lies in a canvas, and its scales. */
  function plot(width, height, layer, range) {
    const steps = layer.steps;
    const half = steps.length > 1 ? (steps[steps.length - 1] - steps[0]) / (steps.length - 1) / 2 : 0.5;
    const from = steps[0] - half;
    const to = steps[steps.length - 1] + half;
    const inner = { x: SPACE.left, y: SPACE.top, width: width - SPACE.left - SPACE.right, height: height - SPACE.top - SPACE.bottom };
    const borders = [from, ...steps.slice(1).map((step, i) => (step + steps[i]) / 2), to];
    return {
      ...inner, range, borders, steps,
      acrossTo: (step) => inner.x + ((step - from) / (to - from)) * inner.width,
      upTo: (value) => inner.y + inner.height - ((value - range[0]) / (range[1] - range[0])) * inner.height,
      stepAt(x) {
        const step = from + ((x - inner.x) / inner.width) * (to - from);
        const i = borders.findIndex((border) => border > step);
        return i < 0 ? steps.length - 1 : Math.max(0, i - 1);
      },
    };
  }

  function axes(context, area, colours, xTitle) {
    context.font = '12px ' + colours.sans;
    context.fillStyle = colours.muted;
    context.strokeStyle = colours.hairline;
    context.lineWidth = 1;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    for (const tick of rg.ticks(area.range[0], area.range[1], 5)) {
      const y = Math.round(area.upTo(tick)) + 0.5;
      context.beginPath();
      context.moveTo(area.x, y);
      context.lineTo(area.x + area.width, y);
      context.stroke();
      context.fillText(rg.short(tick), area.x - 8, y);
    }
    context.textBaseline = 'top';
    context.textAlign = 'center';
    const last = area.steps[area.steps.length - 1];
    for (const tick of rg.ticks(area.steps[0], last, Math.max(3, Math.floor(area.width / 80)))) {
      if (Number.isInteger(tick)) context.fillText(rg.short(tick), area.acrossTo(tick), area.y + area.height + 6);
    }
    context.textAlign = 'right';
    context.fillText(xTitle, area.x + area.width, area.y + area.height + 20);
  }

  /** Opacity of a share of the values: by its root, or by its logarithm down to one value of the step. */
  function opacity(share, most, size, isLog) {
    if (!(share > 0)) return 0;
    return isLog ? Math.log1p(share * size) / Math.log1p(most * size) : Math.sqrt(share / most);
  }

  function heatmap(context, area, layer, isLog) {
    const shares = rg.layers.shares(layer, area.range, BINS);
    const most = Math.max(...shares.map((column) => Math.max(...column)));
    const picture = new ImageData(shares.length, BINS);
    shares.forEach((column, i) => {
      for (let k = 0; k < BINS; k++) {
        const at = 4 * ((BINS - 1 - k) * shares.length + i);
        picture.data.set([...INK, Math.round(255 * opacity(column[k], most, layer.size[i], isLog))], at);
      }
    });
    const source = document.createElement('canvas');
    source.width = shares.length;
    source.height = BINS;
    source.getContext('2d').putImageData(picture, 0, 0);
    context.imageSmoothingEnabled = false;
    for (let i = 0; i < shares.length; i++) {
      const left = area.acrossTo(area.borders[i]);
      context.drawImage(source, i, 0, 1, BINS, left, area.y, area.acrossTo(area.borders[i + 1]) - left + 0.3, area.height);
    }
  }

  /** Ridges: the distribution of each of some steps as a line to the right of its step. */
  function ridges(context, area, layer, isLog) {
    const shares = rg.layers.shares(layer, area.range, BINS);
    const count = Math.min(RIDGES, shares.length);
    const chosen = Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (shares.length - 1)) / (count - 1))));
    const most = Math.max(...chosen.map((i) => Math.max(...shares[i])));
    const room = (area.width / count) * 1.7;
    for (const i of chosen.reverse()) {
      const left = area.acrossTo(area.borders[i]);
      context.beginPath();
      context.moveTo(left, area.y + area.height);
      shares[i].forEach((share, k) => {
        const size = isLog ? Math.log1p(share * layer.size[i]) / Math.log1p(most * layer.size[i]) : share / most;
        context.lineTo(Math.min(left + size * room, area.x + area.width), area.upTo(area.range[0] + ((k + 0.5) / BINS) * (area.range[1] - area.range[0])));
      });
      context.lineTo(left, area.y);
      context.fillStyle = 'rgba(' + INK + ',0.16)';
      context.fill();
      context.strokeStyle = 'rgb(' + INK + ')';
      context.lineWidth = 1;
      context.stroke();
    }
  }

  /** The bins of one step as bars to the right, on the same vertical axis. */
  function section(context, width, area, layer, i, isLog, colours) {
    const edges = rg.layers.edgesOf(layer, i);
    const counts = layer.counts[i];
    const most = Math.max(...layer.counts[i]);
    const room = width - 12;
    const long = (count) => (count <= 0 ? 0 : isLog ? (Math.log1p(count) / Math.log1p(most)) * room : (count / most) * room);
    context.fillStyle = 'rgb(' + INK + ')';
    context.save();
    context.beginPath();
    context.rect(0, area.y, width, area.height);
    context.clip();
    counts.forEach((count, k) => {
      // On whole pixels, so that no bar shines through the next one; a gap where there is room for it.
      const top = Math.round(area.upTo(edges[k + 1]));
      const height = Math.round(area.upTo(edges[k])) - top;
      context.fillRect(0, top, long(count), Math.max(1, height > 3 ? height - 1 : height));
    });
    context.restore();
    context.strokeStyle = colours.hairline;
    context.beginPath();
    context.moveTo(0.5, area.y);
    context.lineTo(0.5, area.y + area.height);
    context.stroke();
    context.font = '12px ' + colours.sans;
    context.fillStyle = colours.muted;
    context.textBaseline = 'top';
    context.textAlign = 'left';
    context.fillText('0', 0, area.y + area.height + 6);
    context.textAlign = 'right';
    context.fillText(rg.short(most), room, area.y + area.height + 6);
    context.fillText(isLog ? rg.say('count (log)') : rg.say('count'), room, area.y + area.height + 20);
  }

  Object.assign(rg.layers, { plot, axes, heatmap, ridges, section });
})();
