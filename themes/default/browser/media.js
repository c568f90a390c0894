/* Logged media by key (reportgen/blocks/logged_media/view.py): a slider over all steps, overlays that are toggled, all in the address. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const media = (rg.media = rg.media || {});
  const AT_ONCE = 24;
  const TALL = 420;

  class MediaPanel {
    constructor(panel) {
      this.panel = panel;
      this.root = panel.dataset.root;
      this.key = panel.dataset.key;
      this.list = panel.querySelector('[data-media-items]');
      this.where = panel.querySelector('[data-media-where]');
    }

    /** Loads the data when the panel comes near. */
    wait() {
      const near = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        near.disconnect();
        // Where the data are not there, the last step stays as it is.
        this.start().catch(() => {});
      }, { rootMargin: '300px' });
      near.observe(this.panel);
    }

    async start() {
      this.data = await rg.valueOf(this.root, this.panel.dataset.media);
      const hidden = rg.view.get('hide:' + this.key);
      this.state = {
        hidden: new Set(hidden === 'none' ? [] : hidden ? hidden.split(',') : this.usual()),
        least: Number(rg.view.get('score:' + this.key)) || 0,
      };
      const asked = rg.view.get('at:' + this.key);
      const at = asked ? this.data.steps.indexOf(Number(asked)) : -1;
      this.at = at < 0 ? this.data.steps.length - 1 : at;
      this.widest = Math.max(...this.data.items.map((several) => several.length));
      this.panel.dataset.count = this.widest > 3 ? 'many' : this.widest > 1 ? 'few' : 'one';
      if (this.data.steps.length > 1) this.slide();
      if (this.data.legend.length) this.panel.insertBefore(media.legend(this.data.legend, this.state, () => this.redraw()), this.list);
      for (const still of this.panel.querySelectorAll('[data-media-still]')) still.remove();
      this.show();
      this.panel.dataset.live = '';
    }

    /** What is hidden at first: masks behind the first one, since the colours of two would mix. */
    usual() {
      const masks = this.data.legend.flatMap((one, i) => (one.kind === 'mask' ? [String(i)] : []));
      return masks.slice(1);
    }

    slide() {
      const bar = rg.create('div', 'media-bar');
      const label = rg.create('label', '', rg.say('step') + ' ');
      const slider = Object.assign(rg.create('input'), { type: 'range', min: 0, max: this.data.steps.length - 1, step: 1, value: this.at });
      slider.setAttribute('aria-label', rg.say('step of {key}', { key: this.panel.dataset.label }));
      slider.dataset.mediaStep = '';
      slider.addEventListener('input', () => this.go(Number(slider.value)));
      label.append(slider);
      const turn = (text, says, by) => {
        const button = rg.create('button', '', text);
        button.type = 'button';
        button.setAttribute('aria-label', says);
        button.addEventListener('click', () => this.go(this.at + by));
        return button;
      };
      bar.append(turn('‹', rg.say('The step before'), -1), label, turn('›', rg.say('The step behind'), 1), this.where);
      this.slider = slider;
      this.panel.prepend(bar);
    }

    go(at) {
      this.at = Math.max(0, Math.min(this.data.steps.length - 1, at));
      this.show();
      const isLast = this.at === this.data.steps.length - 1;
      rg.view.set({ ['at:' + this.key]: isLast ? '' : String(this.data.steps[this.at]) });
    }

    show() {
      const several = this.data.items[this.at];
      const said = rg.say('step {step}', { step: rg.count(this.data.steps[this.at]) });
      this.where.textContent = this.data.steps.length > 1
        ? rg.say('{step} · {at} of {n}', { step: said, at: rg.count(this.at + 1), n: rg.count(this.data.steps.length) }) : said;
      if (this.slider) {
        this.slider.value = this.at;
        this.slider.setAttribute('aria-valuetext', said);
      }
      this.drawn = [];
      this.list.replaceChildren(...several.slice(0, AT_ONCE).map((item) => this.item(item)));
      if (several.length > AT_ONCE) this.more(several.slice(AT_ONCE));
    }

    more(rest) {
      const row = rg.create('li', 'media-more');
      const button = rg.create('button', '', rg.say('{n} more', { n: rg.count(rest.length) }));
      button.type = 'button';
      button.addEventListener('click', () => row.replaceWith(...rest.map((item) => this.item(item))));
      row.append(button);
      this.list.append(row);
    }

    item(item) {
      const row = rg.create('li', 'media-item is-' + item.as);
      const shown = this.body(item, row);
      if (shown) row.append(shown);
      if (item.caption) row.append(rg.create('span', 'caption', item.caption));
      for (const note of item.notes || []) row.append(rg.create('span', 'remark', note));
      if (item.file) {
        const link = rg.create('a', 'media-file', rg.say('Download'));
        link.href = this.root + item.file[0];
        link.download = item.file[1];
        row.append(link);
      }
      return row;
    }

    body(item, row) {
      const source = this.root + (item.src || '');
      switch (item.as) {
        case 'img': return this.image(item, source, row);
        case 'audio': return Object.assign(rg.create('audio'), { controls: true, preload: 'none', src: source, ariaLabel: item.alt });
        case 'video': return Object.assign(rg.create('video'), { controls: true, preload: 'metadata', src: source, ariaLabel: item.alt });
        case 'frame': {
          const frame = rg.create('iframe');
          // Without any right: before the address, so that it never has one.
          frame.setAttribute('sandbox', '');
          frame.referrerPolicy = 'no-referrer';
          frame.title = item.alt;
          frame.style.height = item.height + 'px';
          frame.src = source;
          return frame;
        }
        case 'scene': {
          const around = rg.create('div', 'media-around');
          media.scene(around, this.root, item);
          return around;
        }
        case 'text': {
          const text = rg.create('pre', 'media-text', item.text);
          Object.assign(text, { tabIndex: 0, role: 'region', ariaLabel: item.alt });
          return text;
        }
      }
      return null;
    }

    image(item, source, row) {
      const frame = rg.create('a', 'media-picture');
      frame.href = source;
      frame.style.setProperty('aspect-ratio', item.width + ' / ' + item.height);
      frame.style.setProperty('max-width', Math.round((TALL * item.width) / item.height) + 'px');
      const image = Object.assign(rg.create('img', item.tiny ? 'tiny' : ''), { alt: item.alt, width: item.width, height: item.height });
      if (item.bright) image.style.filter = 'brightness(' + item.bright + ')';
      image.addEventListener('error', () => {
        row.classList.add('is-broken');
        frame.replaceWith(rg.create('span', 'remark', rg.say('This file is damaged: it cannot be shown as an image.')));
      });
      image.src = source;
      frame.append(image);
      if (item.extra) this.overlaid(item, frame);
      return frame;
    }

    async overlaid(item, frame) {
      const overlays = await rg.valueOf(this.root, item.extra);
      const places = overlays.map((overlay) => this.data.legend.findIndex((one) => one.kind === overlay.kind && one.name === overlay.name));
      const draw = media.overlay(frame, overlays, item, places);
      this.drawn.push(draw);
      await draw(this.state.hidden, this.state.least);
      frame.dataset.overlaid = '';
    }

    redraw() {
      for (const draw of this.drawn) draw(this.state.hidden, this.state.least);
      const hidden = [...this.state.hidden].sort().join(',');
      rg.view.set({
        ['hide:' + this.key]: hidden === this.usual().sort().join(',') ? '' : hidden || 'none',
        ['score:' + this.key]: this.state.least ? String(this.state.least) : '',
      });
    }
  }

  rg.key(['←', '→'], () => rg.say('on the slider of media: the step before and behind'), '[data-media]');

  rg.each('[data-media]', (panel) => new MediaPanel(panel).wait());
})();
