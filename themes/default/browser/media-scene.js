/* Point clouds and molecules on a canvas that can be turned (reportgen/blocks/logged_media/points.py). */
(function () {
  'use strict';

  const rg = window.reportgen;
  const media = (rg.media = rg.media || {});
  const HEIGHT = 320;
  const START = { turn: 0.6, tilt: 0.4, zoom: 1 };

  function bytes(text) {
    return Uint8Array.from(atob(text || ''), (letter) => letter.charCodeAt(0));
  }

  /** A scene unpacked: its points around the origin, the farthest at distance 1. */
  function unpacked(value) {
    const points = new Float32Array(bytes(value.points).buffer);
    const lines = new Float32Array(bytes(value.lines).buffer);
    const all = [points, lines];
    const middle = [0, 1, 2].map((axis) => {
      let low = Infinity, high = -Infinity;
      for (const several of all) for (let i = axis; i < several.length; i += 3) { low = Math.min(low, several[i]); high = Math.max(high, several[i]); }
      return (low + high) / 2;
    });
    let reach = 0;
    for (const several of all) {
      for (let i = 0; i < several.length; i += 3) {
        for (let axis = 0; axis < 3; axis++) several[i + axis] -= middle[axis];
        reach = Math.max(reach, Math.hypot(several[i], several[i + 1], several[i + 2]));
      }
    }
    for (const several of all) for (let i = 0; i < several.length; i++) several[i] /= reach || 1;
    return { points, lines, colours: value.colours ? bytes(value.colours) : null, size: value.size };
  }

  class Turned {
    constructor(canvas, value) {
      this.canvas = canvas;
      this.scene = unpacked(value);
      this.at = { ...START };
      this.waiting = 0;
      this.follow();
      rg.onColours(() => this.later());
      new ResizeObserver(() => this.later()).observe(canvas.parentElement);
      this.draw();
    }

    follow() {
      const canvas = this.canvas;
      canvas.addEventListener('pointerdown', (event) => { canvas.setPointerCapture(event.pointerId); canvas.focus({ preventScroll: true }); });
      canvas.addEventListener('pointermove', (event) => {
        if (!canvas.hasPointerCapture(event.pointerId)) return;
        this.change({ turn: this.at.turn + event.movementX * 0.01, tilt: this.at.tilt + event.movementY * 0.01 });
      });
      canvas.addEventListener('dblclick', () => this.change(START));
      canvas.addEventListener('wheel', (event) => {
        // Without a key the wheel scrolls the page.
        if (!event.ctrlKey && document.activeElement !== canvas) return;
        event.preventDefault();
        this.change({ zoom: this.at.zoom * Math.exp(-event.deltaY * 0.002) });
      }, { passive: false });
      const keys = { ArrowLeft: ['turn', -0.15], ArrowRight: ['turn', 0.15], ArrowUp: ['tilt', -0.15], ArrowDown: ['tilt', 0.15] };
      canvas.addEventListener('keydown', (event) => {
        if (keys[event.key]) this.change({ [keys[event.key][0]]: this.at[keys[event.key][0]] + keys[event.key][1] });
        else if (event.key === '+' || event.key === '=') this.change({ zoom: this.at.zoom * 1.25 });
        else if (event.key === '-') this.change({ zoom: this.at.zoom / 1.25 });
        else if (event.key === '0') this.change(START);
        else return;
        event.preventDefault();
      });
    }

    change(next) {
      Object.assign(this.at, next);
      this.at.tilt = Math.max(-1.57, Math.min(1.57, this.at.tilt));
      this.at.zoom = Math.max(0.2, Math.min(20, this.at.zoom));
      this.later();
    }

    later() {
      this.waiting = this.waiting || requestAnimationFrame(() => { this.waiting = 0; this.draw(); });
    }

    /** The places of points on the canvas: across, down, depth; z is up. */
    placed(points, width) {
      const { turn, tilt, zoom } = this.at;
      const [ct, st, ci, si] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
      const scale = zoom * Math.min(width, HEIGHT) * 0.46;
      const out = new Float32Array(points.length);
      for (let i = 0; i < points.length; i += 3) {
        const x = points[i] * ct - points[i + 1] * st;
        const y = points[i] * st + points[i + 1] * ct;
        const z = points[i + 2];
        const depth = y * ci - z * si;
        const near = 3 / (3 + depth);
        out[i] = width / 2 + x * scale * near;
        out[i + 1] = HEIGHT / 2 - (y * si + z * ci) * scale * near;
        out[i + 2] = depth;
      }
      return out;
    }

    draw() {
      const width = this.canvas.parentElement.clientWidth;
      if (!width) return;
      const { points, lines, size } = this.scene;
      const theme = rg.colours(this.canvas);
      const context = rg.context(this.canvas, width, HEIGHT);
      const places = this.placed(points, width);
      if (size <= 4) this.dots(context, places, theme);
      const ends = this.placed(lines, width);
      context.strokeStyle = theme.muted;
      context.lineWidth = size > 4 ? 3 : 1.25;
      context.beginPath();
      for (let i = 0; i < ends.length; i += 6) { context.moveTo(ends[i], ends[i + 1]); context.lineTo(ends[i + 3], ends[i + 4]); }
      context.stroke();
      if (size > 4) this.balls(context, places, theme);
    }

    /** Points as squares of pixels, written at once: tens of thousands are turned without a stutter. The nearest is in front. */
    dots(context, places, theme) {
      const { width, height } = this.canvas;
      const picture = context.createImageData(width, height);
      const words = new Uint32Array(picture.data.buffer);
      const depths = new Float32Array(width * height).fill(Infinity);
      const ratio = height / HEIGHT;
      const side = Math.max(1, Math.round(this.scene.size * ratio));
      const { colours } = this.scene;
      const ink = packed(theme.ink);
      for (let i = 0; i < places.length; i += 3) {
        const left = Math.round(places[i] * ratio - side / 2);
        const top = Math.round(places[i + 1] * ratio - side / 2);
        // In memory: red, green, blue, alpha; read as one little-endian number.
        const colour = colours ? (0xff000000 | (colours[i + 2] << 16) | (colours[i + 1] << 8) | colours[i]) >>> 0 : ink;
        for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
          for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) {
            const at = y * width + x;
            if (places[i + 2] >= depths[at]) continue;
            depths[at] = places[i + 2];
            words[at] = colour;
          }
        }
      }
      context.putImageData(picture, 0, 0);
    }

    balls(context, places, theme) {
      const { colours, size } = this.scene;
      const order = Array.from({ length: places.length / 3 }, (_, i) => i).sort((a, b) => places[3 * b + 2] - places[3 * a + 2]);
      for (const i of order) {
        context.fillStyle = colours ? `rgb(${colours[3 * i]} ${colours[3 * i + 1]} ${colours[3 * i + 2]})` : theme.ink;
        context.beginPath();
        context.arc(places[3 * i], places[3 * i + 1], Math.max(2, size * this.at.zoom * 0.7 * (3 / (3 + places[3 * i + 2]))), 0, 7);
        context.fill();
      }
    }
  }

  /** A colour "#rrggbb" as a pixel of a canvas. */
  function packed(colour) {
    const number = Number.parseInt(colour.slice(1), 16);
    return ((0xff << 24) | ((number & 255) << 16) | (number & 0xff00) | (number >> 16)) >>> 0;
  }

  /** Shows a scene in an element. */
  media.scene = async function (around, root, item) {
    const canvas = rg.create('canvas', 'media-scene');
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', [item.alt, ...(item.notes || [])].join('; ') + '. ' + rg.say('Arrow keys turn it, + and − zoom.'));
    around.append(canvas);
    new Turned(canvas, await rg.valueOf(root, item.extra));
  };

  rg.key(['←', '→', '↑', '↓', '+', '−', '0'], () => rg.say('in a point cloud: turn, zoom, show as at first'), '.media-scene');
})();
