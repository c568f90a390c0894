/* Zooming and moving from the keyboard: a live chart can be focused; + and − zoom, arrows move, 0 resets, Escape leaves. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const MOVES = { ArrowLeft: ['x', -0.15], ArrowRight: ['x', 0.15], ArrowUp: ['y', -0.15], ArrowDown: ['y', 0.15] };

  /** Makes a chart that zooms steerable. */
  rg.steer = function (element, live) {
    if (!live.can.zoom) return;
    const place = live.place;
    const home = { x: ends(live.view, 'x'), y: ends(live.view, 'y') };
    place.tabIndex = 0;
    place.setAttribute('role', 'group');
    place.setAttribute('aria-label', rg.say('Chart: {title}. Plus and minus zoom, arrows move, 0 resets.', { title: element.dataset.title }));
    place.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !act(live.view, home, event.key, place)) return;
      event.preventDefault();
      live.view.runAsync();
    });
  };

  /** Whether the key meant something. */
  function act(view, home, key, place) {
    if (key === 'Escape') {
      place.blur();
    } else if (key === '0') {
      view.signal('zoom_x', null).signal('zoom_y', null);
    } else if (key === '+' || key === '=') {
      for (const axis of ['x', 'y']) show(view, axis, home[axis], 1 / 6, 5 / 6);
    } else if (key === '-' || key === '−' || key === '_') {
      for (const axis of ['x', 'y']) show(view, axis, home[axis], -1 / 4, 5 / 4);
    } else if (key in MOVES) {
      move(view, home, ...MOVES[key]);
    } else {
      return false;
    }
    return true;
  }

  function ends(view, axis) {
    return view.scale(axis).domain().map(Number);
  }

  function length(view, axis) {
    return view.signal(axis === 'x' ? 'width' : 'height');
  }

  /** Where the ends of the whole chart stand now, in shares of the plot: the lesser and the greater. */
  function reach(view, axis, home) {
    const scale = view.scale(axis);
    return home.map((end) => scale(end) / length(view, axis)).sort((a, b) => a - b);
  }

  /** Shows the part of an axis between two shares of the plot, and no more than the whole chart. */
  function show(view, axis, home, from, to) {
    const [first, last] = reach(view, axis, home);
    if (from <= first + 1e-9 && to >= last - 1e-9) {
      view.signal('zoom_' + axis, null);
      return;
    }
    const scale = view.scale(axis);
    const shown = [Math.max(from, first), Math.min(to, last)].map((share) => Number(scale.invert(share * length(view, axis))));
    if (shown[0] !== shown[1]) view.signal('zoom_' + axis, shown.sort((a, b) => a - b));
  }

  function move(view, home, axis, by) {
    const [first, last] = reach(view, axis, home[axis]);
    const step = Math.max(Math.min(by, last - 1), first);
    if (Math.abs(step) > 1e-9) show(view, axis, home[axis], step, 1 + step);
  }
})();
