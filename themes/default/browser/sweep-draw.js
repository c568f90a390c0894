/* The drawing of parallel coordinates: a line for each trial, those outside of the brush faint, one in front. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const HEIGHT = 368;
  const SPACE = { left: 48, right: 64, top: 12, bottom: 44 };
  const LEAST = 96;
  const DASHED = 200;

  /** Where the axes stand on a canvas of some width. */
  function plot(width, count) {
    const needed = SPACE.left + SPACE.right + LEAST * Math.max(1, count - 1);
    const whole = Math.max(width, needed);
    const inner = whole - SPACE.left - SPACE.right;
    return {
      width: whole, height: HEIGHT, top: SPACE.top, bottom: HEIGHT - SPACE.bottom,
      x: (i) => SPACE.left + (count > 1 ? (inner * i) / (count - 1) : inner / 2),
      y: (place) => HEIGHT - SPACE.bottom - place * (HEIGHT - SPACE.top - SPACE.bottom),
      place: (y) => Math.min(1, Math.max(0, (HEIGHT - SPACE.bottom - y) / (HEIGHT - SPACE.top - SPACE.bottom))),
    };
  }

  /** A trial's line over all axes. */
  function trace(context, area, axes, i) {
    context.beginPath();
    axes.forEach((axis, k) => {
      const [x, y] = [area.x(k), area.y(axis.place(axis.values[i]))];
      if (k) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    context.stroke();
  }

  /** All trials, hardly seen: what is outside of the brush. */
  function faint(context, area, data, axes, colours) {
    context.globalAlpha = 0.07;
    context.lineWidth = 1;
    for (const i of data.order) {
      context.strokeStyle = data.runs.tint[i] >= 0 ? data.colours[data.runs.tint[i]] : colours.muted;
      trace(context, area, axes, i);
    }
    context.globalAlpha = 1;
  }

  /** The trials inside of the brush; those that do not count are grey, and dashed where they are few: dashes are slow to draw. */
  function lines(context, area, data, axes, inside, colours) {
    const count = data.order.length;
    const opacity = count <= 60 ? 0.85 : count <= 200 ? 0.55 : 0.35;
    for (const i of data.order) {
      if (!inside[i]) continue;
      const counts = data.runs.tint[i] >= 0;
      context.globalAlpha = counts ? opacity : opacity * 0.6;
      context.lineWidth = counts ? 1.4 : 1;
      context.strokeStyle = counts ? data.colours[data.runs.tint[i]] : colours.muted;
      context.setLineDash(counts || count > DASHED ? [] : [3, 3]);
      trace(context, area, axes, i);
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  function text(context, words, x, y, colours) {
    context.lineWidth = 3;
    context.strokeStyle = colours.paper;
    context.strokeText(words, x, y);
    context.fillText(words, x, y);
  }

  function frame(context, area, axes, colours) {
    context.font = '11px ' + colours.sans;
    context.lineJoin = 'round';
    context.textBaseline = 'middle';
    axes.forEach((axis, k) => {
      const x = Math.round(area.x(k)) + 0.5;
      const isLast = k === axes.length - 1;
      context.strokeStyle = colours.muted;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, area.top);
      context.lineTo(x, area.bottom);
      context.stroke();
      context.fillStyle = colours.muted;
      context.textAlign = isLast ? 'left' : 'right';
      for (const [place, words] of axis.ticks()) {
        const shown = words.length > 14 ? words.slice(0, 13) + '…' : words;
        text(context, shown, x + (isLast ? 7 : -7), area.y(place), colours);
      }
      for (const [from, to] of axis.brushed()) {
        context.globalAlpha = 0.2;
        context.fillStyle = colours.accent;
        context.fillRect(x - 8, area.y(to), 16, Math.max(3, area.y(from) - area.y(to)));
        context.globalAlpha = 1;
        context.strokeStyle = colours.accent;
        context.strokeRect(x - 8, area.y(to), 16, Math.max(3, area.y(from) - area.y(to)));
      }
    });
  }

  /** The trial in front, with its values. */
  function front(context, area, data, axes, i, colours) {
    const tint = data.runs.tint[i];
    context.lineWidth = 3;
    context.strokeStyle = tint >= 0 ? data.colours[tint] : colours.muted;
    trace(context, area, axes, i);
    context.font = '600 12px ' + colours.sans;
    context.lineJoin = 'round';
    context.textBaseline = 'bottom';
    context.fillStyle = colours.ink;
    axes.forEach((axis, k) => {
      const place = axis.place(axis.values[i]);
      if (axis.values[i] === null) return;
      context.textAlign = k === axes.length - 1 ? 'right' : k === 0 ? 'left' : 'center';
      text(context, axis.text(i), area.x(k), Math.max(14, area.y(place) - 5), colours);
    });
  }

  /** The trial whose line is nearest to a point, at most `reach` pixels away; -1 for none. */
  function nearest(area, data, axes, inside, x, y, reach) {
    let k = 0;
    while (k < axes.length - 2 && x > area.x(k + 1)) k += 1;
    if (axes.length < 2) return -1;
    const share = (x - area.x(k)) / (area.x(k + 1) - area.x(k));
    if (share < -0.2 || share > 1.2) return -1;
    let best = -1;
    let least = reach;
    for (const i of data.order) {
      if (!inside[i]) continue;
      const one = axes[k].place(axes[k].values[i]);
      const other = axes[k + 1].place(axes[k + 1].values[i]);
      const away = Math.abs(area.y(one + (other - one) * Math.min(1, Math.max(0, share))) - y);
      if (away <= least) [best, least] = [i, away];
    }
    return best;
  }

  rg.sweepDraw = { plot, faint, lines, frame, front, nearest };
})();
