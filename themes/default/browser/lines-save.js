/* What a line chart offers: its picture as SVG and PNG, and its data as CSV or as a table. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const SVG = 'http://www.w3.org/2000/svg';
  const MOST_NAMED = 12;
  const STATE = ['font', 'fillStyle', 'strokeStyle', 'lineWidth', 'lineJoin', 'lineCap', 'globalAlpha', 'textAlign', 'textBaseline', 'parent'];
  const ANCHORS = { left: 'start', center: 'middle', right: 'end' };
  const DOWN = { middle: 0.35, top: 0.8 };
  const measure = document.createElement('canvas').getContext('2d');
  let clips = 0;

  const round = (number) => Math.round(number * 100) / 100;

  function made(tag, attributes) {
    const one = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    return one;
  }

  /** As much of a canvas's context as line charts draw with: what is drawn on it becomes an SVG. */
  class SvgContext {
    constructor(width, height) {
      this.svg = this.parent = made('svg', { width, height, viewBox: `0 0 ${width} ${height}` });
      this.kept = [];
      Object.assign(this, { font: '12px sans-serif', globalAlpha: 1, lineWidth: 1, lineJoin: 'miter', lineCap: 'butt', textAlign: 'left', textBaseline: 'alphabetic' });
    }

    save() {
      this.kept.push(Object.fromEntries(STATE.map((name) => [name, this[name]])));
    }

    restore() {
      Object.assign(this, this.kept.pop());
    }

    beginPath() {
      this.path = '';
    }

    moveTo(x, y) {
      this.path += `M${round(x)} ${round(y)}`;
    }

    lineTo(x, y) {
      this.path += `L${round(x)} ${round(y)}`;
    }

    closePath() {
      this.path += 'Z';
    }

    rect(x, y, width, height) {
      this.path += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
    }

    clip() {
      const clip = made('clipPath', { id: 'clip-' + ++clips });
      clip.append(made('path', { d: this.path }));
      const inside = made('g', { 'clip-path': `url(#clip-${clips})` });
      this.parent.append(clip, inside);
      this.parent = inside;
    }

    stroke() {
      const attributes = { d: this.path, fill: 'none', stroke: this.strokeStyle, 'stroke-width': this.lineWidth, opacity: this.globalAlpha };
      this.parent.append(made('path', { ...attributes, 'stroke-linejoin': this.lineJoin, 'stroke-linecap': this.lineCap }));
    }

    fill() {
      this.parent.append(made('path', { d: this.path, fill: this.fillStyle, opacity: this.globalAlpha }));
    }

    fillRect(x, y, width, height) {
      this.parent.append(made('rect', { x: round(x), y: round(y), width, height, fill: this.fillStyle }));
    }

    fillText(text, x, y) {
      const size = parseFloat(this.font);
      const down = y + size * (DOWN[this.textBaseline] || 0);
      const one = made('text', { x: round(x), y: round(down), 'font-size': size, fill: this.fillStyle, 'text-anchor': ANCHORS[this.textAlign] });
      one.textContent = text;
      this.parent.append(one);
    }

    measureText(text) {
      measure.font = this.font;
      return measure.measureText(text);
    }
  }

  /** The chart as {svg, legend}, which charts-export.js saves. */
  function picture(chart) {
    const context = new SvgContext(chart.width, chart.height);
    chart.paint(context);
    const { lines } = chart;
    const isNamed = lines.length > 1 && lines.length <= MOST_NAMED;
    return { svg: context.svg, legend: isNamed ? lines.map((line) => [line.label, chart.colourOf(line)]) : [] };
  }

  /** The lines as columns: position and value; of several lines with their names, of smoothed ones and means with all that is drawn. */
  function columns(chart, name) {
    const { lines, kind } = chart;
    const flat = (of) => lines.flatMap((line) => Array.from(of(line)));
    const all = {};
    if (lines.length > 1) all[rg.say('line')] = flat((line) => new Array(line.x.length).fill(line.label));
    all[chart.title] = kind === 'wall' ? Object.assign(flat((line) => Array.from(line.x, (one) => one * 1000)), { time: true }) : flat((line) => line.x);
    const isSmooth = lines.some((line) => line.raw);
    if (isSmooth) all[name] = flat((line) => (line.raw ? line.raw.y : line.y));
    all[isSmooth || chart.isSmooth ? rg.say('{metric}, smoothed', { metric: name }) : name] = flat((line) => line.y);
    if (lines.some((line) => line.band)) {
      for (const end of ['low', 'high']) all[end] = flat((line) => (line.band ? line.band[end] : new Array(line.x.length).fill(NaN)));
    }
    return all;
  }

  /**
   * Adds the menu of a line chart to its element.
   * @param element Has `data-title`; `data-root` leads to the site's root.
   * @param card Has the `chart`; `subtitle()` says what was done to the data; `columns(all)` may change what is saved of them.
   */
  function offer(element, card) {
    const { title } = element.dataset;
    const data = () => (card.columns ? card.columns(columns(card.chart, title)) : columns(card.chart, title));
    const save = (how) => {
      element.dataset.subtitle = card.subtitle();
      return how(element, picture(card.chart), rg.fileName(title));
    };
    element.append(rg.menu(rg.say('Save or inspect the chart: {title}', { title }), [
      [rg.say('Save as SVG'), () => save(rg.saveSvg)],
      [rg.say('Save as PNG'), () => save(rg.savePng)],
      [rg.say('Save data as CSV'), () => rg.saveCsv(data(), rg.fileName(title))],
      rg.tableItem(element, data),
    ]));
  }

  rg.lines = Object.assign(rg.lines || {}, { offer });
})();
