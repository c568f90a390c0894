/* Axes of what is drawn on a canvas: round ticks, and numbers as short as they can be told apart. */
(function () {
  'use strict';

  const rg = window.reportgen;

  /** Round numbers from low to high, about `count` of them. */
  rg.ticks = function (low, high, count) {
    if (!(high > low)) return [low];
    const rough = (high - low) / Math.max(1, count);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999999);
    const ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(i === 0 ? 0 : Number((i * step).toPrecision(12)));
    return ticks;
  };

  /** A number with at most `digits` digits that count: 0.0123, 1.2e−7, 12.3k, 4M. */
  rg.short = function (value, digits = 3) {
    if (!Number.isFinite(value)) return String(value);
    if (value === 0) return '0';
    const size = Math.abs(value);
    const sign = value < 0 ? '−' : '';
    const round = (number) => String(Number(number.toPrecision(digits)));
    if (size >= 1e15 || size < 1e-4) {
      const [mantissa, power] = size.toExponential(digits - 1).split('e');
      return sign + Number(mantissa) + 'e' + power.replace('+', '').replace('-', '−');
    }
    for (const [unit, letter] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e4, 'k']]) {
      if (size >= unit) return sign + round(size / (letter === 'k' ? 1e3 : unit)) + letter;
    }
    return sign + round(size);
  };

  /** A canvas as sharp as the screen: sets its size in CSS pixels and gives its context in these units. */
  rg.context = function (canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = width + 'px';
    canvas.style.height = height + 'px';
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  };

  /** The theme's colours and font as a canvas takes them; asked for anew when the reader changes the theme. */
  rg.colours = function (element) {
    const style = getComputedStyle(element);
    const of = (name) => style.getPropertyValue('--' + name).trim();
    return { ink: of('ink'), muted: of('muted'), hairline: of('hairline'), paper: of('paper'), accent: of('accent'), sans: of('sans') };
  };

  /** Calls back whenever light and dark change. */
  rg.onColours = function (redraw) {
    new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  };
})();
