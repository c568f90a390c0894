/* The page of a run's histograms: the layer that is chosen in the table is drawn over its steps; the pointer, the slider or
   the arrow keys choose a step, whose bins are drawn beside it as they were logged. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const HEIGHT = 340;

  class LayerStage {
    constructor(stage) {
      this.stage = stage;
      this.root = stage.dataset.root;
      this.links = [...document.querySelectorAll('a.layer')];
      this.find = (name) => stage.querySelector('[data-' + name + ']');
      this.over = this.find('over');
      this.beside = this.find('beside');
      this.rule = this.find('rule');
      this.slider = this.find('step');
      this.at = 0;
    }

    start() {
      this.stage.hidden = false;
      for (const link of this.links) {
        link.addEventListener('click', (event) => {
          event.preventDefault();
          this.open(link);
          this.stage.scrollIntoView({ block: 'nearest' });
        });
      }
      this.choice('scale', 'log');
      this.choice('drawn', 'ridges');
      this.choice('range', 'all');
      this.slider.addEventListener('input', () => this.show(Number(this.slider.value)));
      this.slider.addEventListener('change', () => this.keep());
      const heat = this.find('heat');
      heat.addEventListener('pointermove', (event) => this.point(event));
      heat.addEventListener('pointerdown', (event) => this.point(event));
      heat.addEventListener('pointerleave', () => this.keep());
      this.find('counts').addEventListener('toggle', () => this.table());
      rg.onColours(() => this.draw());
      new ResizeObserver(() => this.resized()).observe(heat);
      const wanted = rg.view.get('layer') || this.stage.dataset.first;
      this.open(this.links.find((link) => link.dataset.layer === wanted) || this.links[0], Number(rg.view.get('step') || NaN));
    }

    /** A button that is on or off, as the address says. */
    choice(name, value) {
      const button = this.find(name);
      button.setAttribute('aria-pressed', String(rg.view.get(name) === value));
      button.addEventListener('click', () => {
        const isOn = button.getAttribute('aria-pressed') !== 'true';
        button.setAttribute('aria-pressed', String(isOn));
        rg.view.set({ [name]: isOn ? value : '' });
        this.draw();
      });
    }

    is(name) {
      return this.find(name).getAttribute('aria-pressed') === 'true';
    }

    async open(link, step = NaN) {
      this.opened = link;
      const layer = await rg.valueOf(this.root, link.dataset.script);
      if (this.opened !== link) return;
      for (const one of this.links) {
        if (one === link) one.setAttribute('aria-current', 'true');
        else one.removeAttribute('aria-current');
      }
      this.layer = layer;
      this.find('name').textContent = layer.key;
      this.slider.max = layer.steps.length - 1;
      this.at = layer.steps.length - 1;
      if (!Number.isNaN(step)) {
        const distance = (i) => Math.abs(layer.steps[i] - step);
        layer.steps.forEach((_, i) => { if (distance(i) < distance(this.at)) this.at = i; });
      }
      this.keep();
      this.draw();
    }

    resized() {
      const width = this.find('heat').clientWidth;
      if (this.layer && width && width !== this.width) this.draw();
    }

    /** Draws all that does not depend on the chosen step. */
    draw() {
      if (!this.layer) return;
      this.width = this.find('heat').clientWidth;
      this.colours = rg.colours(this.stage);
      this.area = rg.layers.plot(this.width, HEIGHT, this.layer, rg.layers.range(this.layer, this.is('range')));
      const context = rg.context(this.over, this.width, HEIGHT);
      rg.layers.axes(context, this.area, this.colours, rg.say('step'));
      rg.layers[this.is('drawn') ? 'ridges' : 'heatmap'](context, this.area, this.layer, this.is('scale'));
      this.show(this.at);
    }

    point(event) {
      if (!this.area) return;
      const i = this.area.stepAt(event.clientX - this.over.getBoundingClientRect().left);
      if (i !== this.at) this.show(i);
    }

    /** Draws the bins of a step, by its place among the steps. */
    show(i) {
      const layer = this.layer;
      this.at = i;
      this.slider.value = i;
      const width = this.find('side').clientWidth;
      rg.layers.section(rg.context(this.beside, width, HEIGHT), width, this.area, layer, i, this.is('scale'), this.colours);
      this.rule.style.transform = 'translateX(' + this.area.acrossTo(layer.steps[i]) + 'px)';
      const [low, high] = this.area.range;
      const outside = this.outside(i, low, high);
      const said = rg.say('step {step}: {n} values, mean {mean}, spread {spread}, norm {norm}, at most {zeros} % zeros', {
        step: rg.count(layer.steps[i]), n: rg.short(layer.size[i], 6), mean: rg.short(layer.mean[i]),
        spread: rg.short(layer.spread[i]), norm: rg.short(layer.norm[i]), zeros: rg.short(100 * layer.around_zero[i]),
      });
      this.find('said').textContent = outside > 0 ? said + rg.say('; {share} % lie outside of the picture', { share: rg.short(100 * outside, 2) }) : said;
      this.slider.setAttribute('aria-valuetext', said);
      this.table();
    }

    /** The share of a step's values in bins that the picture does not show at all. */
    outside(i, low, high) {
      const edges = rg.layers.edgesOf(this.layer, i);
      const counts = this.layer.counts[i];
      return counts.reduce((sum, count, k) => sum + (edges[k + 1] <= low || edges[k] >= high ? count : 0), 0) / this.layer.size[i];
    }

    /** The bins of the step as a table, when it is open. */
    table() {
      const details = this.find('counts');
      if (!details.open || !this.layer) return;
      const edges = rg.layers.edgesOf(this.layer, this.at);
      const rows = this.layer.counts[this.at].map((count, k) => {
        const row = document.createElement('tr');
        row.append(rg.create('td', 'number', String(edges[k])), rg.create('td', 'number', String(edges[k + 1])), rg.create('td', 'number', String(count)));
        return row;
      });
      details.querySelector('tbody').replaceChildren(...rows);
    }

    /** Keeps layer and step in the address. */
    keep() {
      const isLast = this.at === this.layer.steps.length - 1;
      const isFirst = this.layer.key === this.stage.dataset.first;
      rg.view.set({ layer: isFirst ? '' : this.layer.key, step: isLast ? '' : String(this.layer.steps[this.at]) });
    }
  }

  rg.ready(() => {
    const stage = document.querySelector('[data-layer-stage]');
    if (stage) new LayerStage(stage).start();
  });
})();
