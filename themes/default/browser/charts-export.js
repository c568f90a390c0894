/* Saving a chart: as SVG and PNG in the colours that the reader sees, its data as CSV, its specification as JSON. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const SVG = 'http://www.w3.org/2000/svg';
  const MARGIN = 16;

  function save(content, type, name) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([content], { type: type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  let fontFaces = '';

  /** Called by the script that holds the theme's font: a picture of its own cannot use the font of the page. */
  rg.font = function (css) {
    fontFaces = css;
  };

  function loadFont(element) {
    const path = element.dataset.font || rg.fontScript;
    return path ? rg.load(element.dataset.root + path).catch(() => undefined) : Promise.resolve();
  }

  rg.saveSvg = async function (element, live, name) {
    await loadFont(element);
    save(standalone(element, live).text, 'image/svg+xml', name + '.svg');
  };

  rg.savePng = async function (element, live, name) {
    await loadFont(element);
    const picture = standalone(element, live);
    const image = new Image();
    image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(picture.text);
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = picture.width * 2;
    canvas.height = picture.height * 2;
    const context = canvas.getContext('2d');
    context.fillStyle = getComputedStyle(element).getPropertyValue('--paper').trim() || '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(blob, 'image/png', name + '.png'), 'image/png');
  };

  rg.saveCsv = function (columns, name) {
    const fields = Object.keys(columns);
    const lines = [fields.map(quoted).join(',')];
    for (let i = 0; fields.length && i < columns[fields[0]].length; i++) {
      lines.push(fields.map((field) => quoted(rg.cellText(columns[field], i))).join(','));
    }
    save('\ufeff' + lines.join('\r\n') + '\r\n', 'text/csv;charset=utf-8', name + '.csv');
  };

  rg.saveSpec = function (live, name) {
    const datasets = {};
    for (const set of Object.keys(live.data)) {
      const fields = Object.keys(live.data[set]);
      const count = fields.length ? live.data[set][fields[0]].length : 0;
      datasets[set] = Array.from({ length: count }, (_, i) => Object.fromEntries(fields.map((field) => [field, live.data[set][field][i]])));
    }
    const spec = Object.assign({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json' }, live.chart.spec, { datasets: datasets });
    const colours = resolver(document.documentElement);
    // The page's own legend is not in the file: the specification gets Vega-Lite's in its place.
    const named = (value) => value && value.field === 'entry' && value.legend === null;
    const plain = (key, value) => (typeof value === 'string' ? colours(value) : named(value) ? Object.assign({}, value, { legend: { title: null } }) : value);
    save(JSON.stringify(spec, plain, 1), 'application/json', name + '.vl.json');
  };

  /** A cell as text: what a spreadsheet and a reader can take. */
  rg.cellText = function (column, i) {
    const value = column[i];
    if (value === null || value === undefined) return '';
    return column.time ? new Date(value).toISOString() : String(value);
  };

  function quoted(text) {
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  /** Puts values in the place of the CSS variables of a text. */
  function resolver(element) {
    const style = getComputedStyle(element);
    return (text) => text.replace(/var\((--[\w-]+)\)/g, (whole, name) => style.getPropertyValue(name).trim() || whole);
  }

  /** The chart as a file of its own: its title and legend above it, no CSS variable left. */
  function standalone(element, live) {
    const colours = resolver(element);
    const chart = live.svg.cloneNode(true);
    const width = Number(live.svg.getAttribute('width')) || live.svg.clientWidth;
    const height = Number(live.svg.getAttribute('height')) || live.svg.clientHeight;
    const family = colours('var(--sans)');
    const picture = document.createElementNS(SVG, 'svg');
    picture.setAttribute('font-family', family);
    if (fontFaces) {
      const style = document.createElementNS(SVG, 'style');
      style.textContent = fontFaces;
      picture.append(style);
    }
    let top = 0;
    if (element.dataset.title) {
      picture.append(text(0, (top += 18), 15, 600, colours('var(--ink)'), element.dataset.title));
      if (element.dataset.subtitle) picture.append(text(0, (top += 19), 12, 400, colours('var(--muted)'), element.dataset.subtitle));
      top += 10;
    }
    top = legend(picture, live.legend || entriesOf(element), top, width, colours, family);
    chart.setAttribute('y', top);
    chart.removeAttribute('style');
    picture.append(chart);
    const box = [-MARGIN, -MARGIN, width + 2 * MARGIN, height + top + 2 * MARGIN];
    picture.setAttribute('width', box[2]);
    picture.setAttribute('height', box[3]);
    picture.setAttribute('viewBox', box.join(' '));
    for (const node of picture.querySelectorAll('*')) {
      for (const attribute of [...node.attributes]) {
        if (attribute.value.includes('var(')) node.setAttribute(attribute.name, colours(attribute.value));
      }
    }
    return { text: new XMLSerializer().serializeToString(picture), width: box[2], height: box[3] };
  }

  function text(x, y, size, weight, colour, content) {
    const made = document.createElementNS(SVG, 'text');
    const attributes = { x: x, y: y, 'font-size': size, 'font-weight': weight, fill: colour };
    for (const name of Object.keys(attributes)) made.setAttribute(name, attributes[name]);
    made.textContent = content;
    return made;
  }

  /** [name, colour] of what the page's legend of a chart names. */
  function entriesOf(element) {
    const list = rg.legendOf(element);
    const colour = (entry) => entry.style.getPropertyValue('--series').trim();
    return list ? [...list.children].filter(colour).map((entry) => [entry.textContent, colour(entry)]) : [];
  }

  function legend(picture, entries, top, width, colours, family) {
    if (!entries.length) return top;
    const measure = document.createElement('canvas').getContext('2d');
    measure.font = '12px ' + family;
    let x = 0;
    let y = top + 12;
    for (const [name, colour] of entries) {
      const wide = measure.measureText(name).width + 28;
      if (x && x + wide > width) {
        x = 0;
        y += 18;
      }
      const dot = document.createElementNS(SVG, 'circle');
      const attributes = { cx: x + 5, cy: y - 4, r: 4.5, fill: colours(colour) };
      for (const name of Object.keys(attributes)) dot.setAttribute(name, attributes[name]);
      picture.append(dot, text(x + 14, y, 12, 400, colours('var(--ink)'), name));
      x += wide;
    }
    return y + 10;
  }
})();
