/* Boxes and masks over logged images (reportgen/blocks/logged_media/overlays.py): drawn, and toggled by overlay and class. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const media = (rg.media = rg.media || {});
  const COLOURS = ['#4269d0', '#efb118', '#ff725c', '#6cc5b0', '#3ca951', '#ff8ab7', '#a463f2', '#97bbf5', '#9c6b4e', '#9498a0'];
  const ALPHA = 115;
  const pixels = new WeakMap();

  media.colour = (id) => COLOURS[(Number.parseInt(id, 10) || 0) % COLOURS.length];

  /** The class of each pixel of a mask, inflated once. */
  async function inflated(mask) {
    if (!pixels.has(mask)) {
      const bytes = Uint8Array.from(atob(mask.ids), (letter) => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
      pixels.set(mask, new Uint8Array(await new Response(stream).arrayBuffer()));
    }
    return pixels.get(mask);
  }

  async function drawMask(canvas, mask, isHidden) {
    const ids = await inflated(mask);
    canvas.width = mask.width;
    canvas.height = mask.height;
    const shades = new Map();
    const shade = (id) => {
      if (!shades.has(id)) {
        const number = Number.parseInt(media.colour(id).slice(1), 16);
        // In memory: red, green, blue, alpha; read as one little-endian number.
        const packed = ((ALPHA << 24) | ((number & 255) << 16) | (number & 0xff00) | (number >> 16)) >>> 0;
        shades.set(id, isHidden(String(id)) ? 0 : packed);
      }
      return shades.get(id);
    };
    const picture = new ImageData(mask.width, mask.height);
    const words = new Uint32Array(picture.data.buffer);
    const count = Math.min(words.length, ids.length);
    for (let i = 0; i < count; i++) words[i] = shade(ids[i]);
    canvas.getContext('2d').putImageData(picture, 0, 0);
  }

  function drawBoxes(layer, overlay, size, isHidden, least) {
    const made = [];
    for (const [id, left, top, right, bottom, words, score] of overlay.boxes) {
      if (isHidden(id) || (score !== null && score < least)) continue;
      const box = rg.create('span', 'media-box');
      box.style.left = (100 * left) / size.width + '%';
      box.style.top = (100 * top) / size.height + '%';
      box.style.width = (100 * (right - left)) / size.width + '%';
      box.style.height = (100 * (bottom - top)) / size.height + '%';
      box.style.setProperty('--box', media.colour(id));
      const name = words || overlay.classes[id] || '';
      const said = [name, score === null ? '' : rg.short(score)].filter(Boolean).join(' ');
      if (said) box.append(rg.create('b', '', said));
      made.push(box);
    }
    layer.replaceChildren(...made);
  }

  /**
   * Lays the overlays of an image over it.
   * @param frame The element around the image.
   * @param places The place of each overlay in the legend of the panel.
   * @returns A function that draws them anew for what is hidden (a Set of "0" for an overlay, "0.3" for a class of it) and the least score.
   */
  media.overlay = function (frame, overlays, size, places) {
    const layers = overlays.map((overlay) => {
      const layer = rg.create(overlay.kind === 'mask' ? 'canvas' : 'span', overlay.kind === 'mask' ? 'media-mask' : 'media-boxes');
      layer.dataset.overlay = overlay.name;
      layer.setAttribute('aria-hidden', 'true');
      frame.append(layer);
      return layer;
    });
    return (hidden, least) => Promise.all(overlays.map((overlay, i) => {
      layers[i].hidden = hidden.has(String(places[i]));
      const isHidden = (id) => hidden.has(places[i] + '.' + id);
      return overlay.kind === 'mask' ? drawMask(layers[i], overlay, isHidden) : drawBoxes(layers[i], overlay, size, isHidden, least);
    }));
  };

  function toggle(text, token, hidden, change) {
    const button = rg.create('button', '', text);
    button.type = 'button';
    button.dataset.toggle = token;
    button.setAttribute('aria-pressed', String(!hidden.has(token)));
    button.addEventListener('click', () => {
      if (!hidden.delete(token)) hidden.add(token);
      button.setAttribute('aria-pressed', String(!hidden.has(token)));
      change();
    });
    return button;
  }

  /** The legend: a button for each overlay and for each of its classes, and the least score of boxes that have scores. */
  media.legend = function (legend, state, change) {
    const box = rg.create('div', 'media-legend');
    legend.forEach((overlay, i) => {
      const row = rg.create('div', 'media-overlay');
      row.setAttribute('role', 'group');
      row.setAttribute('aria-label', overlay.name);
      const name = overlay.kind === 'mask' ? rg.say('{name}: mask', { name: overlay.name }) : rg.say('{name}: boxes', { name: overlay.name });
      const whole = toggle(name, String(i), state.hidden, change);
      whole.className = 'media-whole';
      row.append(whole);
      for (const [id, label] of overlay.classes) {
        const one = toggle(label, i + '.' + id, state.hidden, change);
        const swatch = rg.create('i', 'media-swatch');
        swatch.style.setProperty('--box', media.colour(id));
        one.prepend(swatch);
        row.append(one);
      }
      box.append(row);
    });
    if (legend.some((overlay) => overlay.scored)) box.append(least(state, change));
    return box;
  };

  function least(state, change) {
    const label = rg.create('label', 'media-score', rg.say('score at least') + ' ');
    const range = Object.assign(rg.create('input'), { type: 'range', min: 0, max: 1, step: 0.01, value: state.least });
    const said = rg.create('output', '', String(state.least));
    range.addEventListener('input', () => {
      state.least = Number(range.value);
      said.textContent = range.value;
      change();
    });
    label.append(range, said);
    return label;
  }
})();
