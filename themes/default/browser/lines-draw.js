/* What a line chart is drawn of on a canvas: its grid and axes, lines, and bands. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const FONT = 12;
  const DOT = 1.5;

  /** The place of the plot in a canvas, for the widest label of the y axis. */
  function area(context, width, height, colours, labels) {
    context.font = FONT + 'px ' + colours.sans;
    const left = Math.ceil(Math.max(24, ...labels.map((label) => context.measureText(label).width))) + 10;
    return { left, top: 10, width: Math.max(20, width - left - 12), height: height - 10 - 40, full: width };
  }

  function grid(context, area, x, y, colours, titles) {
    context.font = FONT + 'px ' + colours.sans;
    context.lineWidth = 1;
    context.strokeStyle = colours.hairline;
    context.fillStyle = colours.muted;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    const bottom = area.top + area.height;
    context.beginPath();
    for (const [value, text] of titles.yTicks) {
      const at = Math.round(y.place(value)) + 0.5;
      if (at < area.top - 1 || at > bottom + 1) continue;
      context.moveTo(area.left, at);
      context.lineTo(area.left + area.width, at);
      context.fillText(text, area.left - 8, at);
    }
    context.stroke();
    context.textAlign = 'center';
    context.textBaseline = 'top';
    let free = 0;
    for (const [value, text] of x.ticks(Math.max(2, Math.floor(area.width / 80)))) {
      const half = context.measureText(text).width / 2;
      const at = Math.min(x.place(value), area.full - half);
      if (x.place(value) < area.left - 1 || at - half < free) continue;
      context.fillText(text, at, bottom + 7);
      context.fillRect(Math.round(x.place(value)), bottom, 1, 4);
      free = at + half + 8;
    }
    context.textAlign = 'right';
    context.fillText(titles.x + (x.unit ? ', ' + x.unit : ''), area.left + area.width, bottom + 23);
  }

  /** The first place at or behind a value in ascending numbers. */
  function place(numbers, value) {
    let low = 0;
    let high = numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** From which to which point a line is seen, with one point on each side. */
  function seen(numbers, x) {
    return [Math.max(0, place(numbers, x.low) - 1), Math.min(numbers.length, place(numbers, x.high) + 2)];
  }

  /**
   * Adds a line to the path of a context. Where it has several points per pixel, the least and the greatest of each pixel are
   * joined: the picture is the same. A point between two gaps is a dot.
   */
  function trace(context, line, x, y, coarse) {
    const [from, to] = seen(line.x, x);
    if ((to - from) * coarse > 2 * Math.abs(x.place(x.high) - x.place(x.low))) return traceExtremes(context, line, x, y, from, to, coarse);
    let isOpen = false;
    for (let i = from; i < to; i++) {
      const value = y.place(line.y[i]);
      if (!Number.isFinite(value)) {
        isOpen = false;
        continue;
      }
      const at = x.place(line.x[i]);
      if (isOpen) context.lineTo(at, value);
      else {
        const isAlone = i + 1 >= to || !Number.isFinite(y.place(line.y[i + 1]));
        context.moveTo(isAlone ? at - DOT : at, value);
        if (isAlone) context.lineTo(at + DOT, value);
      }
      isOpen = true;
    }
  }

  function traceExtremes(context, line, x, y, from, to, coarse) {
    let column = NaN;
    let isOpen = false;
    let low = 0;
    let high = 0;
    let last = 0;
    const flush = () => {
      if (column !== column) return;
      const at = column * coarse;
      const [first, second] = Math.abs(last - low) < Math.abs(last - high) ? [high, low] : [low, high];
      if (isOpen) context.lineTo(at, first);
      else context.moveTo(at, first);
      if (second !== first) context.lineTo(at, second);
      else if (!isOpen) context.lineTo(at + 0.01, first);
      isOpen = true;
    };
    for (let i = from; i < to; i++) {
      const value = y.place(line.y[i]);
      if (!Number.isFinite(value)) {
        flush();
        column = NaN;
        isOpen = false;
        continue;
      }
      const at = Math.round(x.place(line.x[i]) / coarse);
      if (at !== column) {
        flush();
        column = at;
        low = high = value;
      } else if (value < low) low = value;
      else if (value > high) high = value;
      last = value;
    }
    flush();
  }

  function stroke(context, line, x, y, colour, width, coarse = 1) {
    context.beginPath();
    trace(context, line, x, y, coarse);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }

  /** The area between two lines over the same x; gaps divide it. */
  function fillBand(context, line, x, y, colour) {
    const { band: { low, high }, x: at } = line;
    context.fillStyle = colour;
    context.globalAlpha = 0.15;
    context.beginPath();
    for (let i = 0; i < at.length; i++) {
      if (!Number.isFinite(low[i])) continue;
      let end = i;
      while (end + 1 < at.length && Number.isFinite(low[end + 1])) end++;
      for (let k = i; k <= end; k++) context[k === i ? 'moveTo' : 'lineTo'](x.place(at[k]), y.place(low[k]));
      for (let k = end; k >= i; k--) context.lineTo(x.place(at[k]), y.place(high[k]));
      context.closePath();
      i = end;
    }
    context.fill();
    context.globalAlpha = 1;
  }

  function clip(context, area) {
    context.beginPath();
    context.rect(area.left, area.top - 3, area.width + 3, area.height + 6);
    context.clip();
    context.lineJoin = 'bevel';
    context.lineCap = 'butt';
  }

  rg.lines = Object.assign(rg.lines || {}, { area, grid, place, stroke, fillBand, clip });
})();
