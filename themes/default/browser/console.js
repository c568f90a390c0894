/* What a run printed (reportgen/blocks/console_view.py): all lines, of which those in view are elements; a search with next and previous. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const CHUNK = 100;
  const HEIGHT = 20;

  class Console {
    constructor(box) {
      this.box = box;
      this.view = box.querySelector('[data-console-lines]');
      this.scripts = box.dataset.console.split(' ').filter(Boolean);
      this.per = Number(box.dataset.part);
      this.count = Number(box.dataset.lines);
      this.key = box.dataset.key;
      this.parts = new Map();
      this.found = [];
      this.at = -1;
      this.words = '';
    }

    async start() {
      this.search();
      const words = rg.view.get(this.key);
      const line = Number(rg.view.get('line:' + this.key));
      await this.open();
      if (words) {
        this.field.value = words;
        await this.find(line || 0);
      }
      this.box.dataset.live = '';
    }

    /** The lines of a data script. */
    async part(i) {
      if (!this.parts.has(i)) this.parts.set(i, await rg.valueOf(this.box.dataset.root, this.scripts[i]));
      return this.parts.get(i);
    }

    /** Puts an empty box in the place of every hundred lines; those near the view are filled. */
    async open() {
      const last = Math.floor((this.count - 1) / this.per);
      await this.part(last);
      const chunks = [];
      for (let first = 0; first < this.count; first += CHUNK) {
        const chunk = rg.create('div', 'console-chunk');
        chunk.dataset.first = first;
        chunk.style.minHeight = Math.min(CHUNK, this.count - first) * HEIGHT + 'px';
        chunks.push(chunk);
      }
      this.chunks = chunks;
      for (const note of this.box.querySelectorAll('[data-console-note]')) note.remove();
      this.view.replaceChildren(...chunks);
      const near = new IntersectionObserver((entries) => {
        for (const entry of entries) {
          if (entry.isIntersecting) this.fill(entry.target);
          else this.empty(entry.target);
        }
      }, { root: this.view, rootMargin: '600px 0px' });
      for (const chunk of chunks) near.observe(chunk);
      await this.fill(chunks[chunks.length - 1]);
      this.view.scrollTop = this.view.scrollHeight;
    }

    async fill(chunk) {
      if (chunk.dataset.filled) return;
      chunk.dataset.filled = '1';
      const first = Number(chunk.dataset.first);
      const lines = await this.part(Math.floor(first / this.per));
      const rows = [];
      for (let i = first; i < Math.min(first + CHUNK, this.count); i++) rows.push(this.row(lines[i % this.per], i));
      chunk.style.minHeight = '';
      chunk.replaceChildren(...rows);
    }

    empty(chunk) {
      if (!chunk.dataset.filled || !chunk.offsetHeight) return;
      chunk.style.minHeight = chunk.offsetHeight + 'px';
      delete chunk.dataset.filled;
      chunk.replaceChildren();
    }

    row(line, i) {
      const [text, isErr, pieces] = Array.isArray(line) ? line : [line, 0, null];
      const row = rg.create('div', 'console-line' + (isErr ? ' is-err' : ''));
      row.dataset.n = i + 1;
      const marks = this.words ? this.places(text) : [];
      let at = 0;
      const piece = (length, classes, style) => {
        const around = classes ? rg.create('span', classes) : row;
        for (const one of style ? style.split(';') : []) around.style.setProperty(...one.split(':'));
        this.marked(around, text, at, at + length, marks);
        if (around !== row) row.append(around);
        at += length;
      };
      if (pieces) for (let k = 0; k < pieces.length; k += 3) piece(pieces[k], pieces[k + 1], pieces[k + 2]);
      else piece(text.length, '', '');
      if (this.at >= 0 && this.found[this.at] === i) row.classList.add('is-current');
      return row;
    }

    /** Appends a part of a line, with what was searched for marked. */
    marked(around, text, from, to, marks) {
      let at = from;
      for (const [begin, end] of marks) {
        if (end <= at || begin >= to) continue;
        if (begin > at) around.append(text.slice(at, begin));
        around.append(rg.create('mark', '', text.slice(Math.max(begin, at), Math.min(end, to))));
        at = Math.min(end, to);
      }
      if (at < to) around.append(text.slice(at, to));
    }

    places(text) {
      const lower = text.toLowerCase();
      const found = [];
      if (lower.length !== text.length) return found;
      for (let at = lower.indexOf(this.words); at >= 0; at = lower.indexOf(this.words, at + this.words.length)) found.push([at, at + this.words.length]);
      return found;
    }

    search() {
      const bar = rg.create('div', 'console-bar');
      this.field = Object.assign(rg.create('input'), { type: 'search', placeholder: rg.say('Search {n} lines', { n: rg.count(this.count) }) });
      this.field.setAttribute('aria-label', this.field.placeholder);
      this.said = rg.create('output', 'console-said');
      this.said.setAttribute('role', 'status');
      const turn = (text, says, by) => {
        const button = rg.create('button', '', text);
        button.type = 'button';
        button.setAttribute('aria-label', says);
        button.addEventListener('click', () => this.turn(by));
        return button;
      };
      bar.append(this.field, turn('↑', rg.say('The match before'), -1), turn('↓', rg.say('The next match'), 1), this.said);
      this.box.prepend(bar);
      let waiting = 0;
      let searching = Promise.resolve();
      const search = () => {
        clearTimeout(waiting);
        waiting = 0;
        searching = this.find(0);
        return searching;
      };
      this.field.addEventListener('input', () => {
        clearTimeout(waiting);
        waiting = setTimeout(search, 120);
      });
      this.field.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          // Pressed right after the last letter, it means a match of these words.
          (waiting ? search() : searching).then(() => this.turn(event.shiftKey ? -1 : 1));
        }
        if (event.key === 'Escape' && this.field.value) { event.preventDefault(); this.field.value = ''; this.find(0); }
      });
    }

    /** Finds the lines with the words; the one that is shown is the line asked for, else the last one. */
    async find(line) {
      const words = (this.words = this.field.value.toLowerCase());
      const found = [];
      if (words) {
        for (let i = 0; i < this.scripts.length; i++) {
          const lines = await this.part(i);
          if (words !== this.words) return;
          lines.forEach((one, k) => { if ((Array.isArray(one) ? one[0] : one).toLowerCase().includes(words)) found.push(i * this.per + k); });
        }
      }
      this.found = found;
      const asked = found.indexOf(line - 1);
      this.at = asked >= 0 ? asked : found.length - 1;
      await this.refresh();
    }

    async turn(by) {
      if (!this.found.length) return;
      this.at = (this.at + by + this.found.length) % this.found.length;
      await this.refresh();
    }

    async refresh() {
      const shown = this.chunks.filter((chunk) => chunk.dataset.filled);
      for (const chunk of shown) { delete chunk.dataset.filled; await this.fill(chunk); }
      const n = this.found.length;
      this.said.textContent = !this.words ? '' : n ? rg.say('{at} of {n}', { at: rg.count(this.at + 1), n: rg.count(n) }) : rg.say('no line');
      rg.view.set({ [this.key]: this.field.value, ['line:' + this.key]: n ? String(this.found[this.at] + 1) : '' });
      if (!n) return;
      const chunk = this.chunks[Math.floor(this.found[this.at] / CHUNK)];
      await this.fill(chunk);
      const row = chunk.children[this.found[this.at] % CHUNK];
      this.view.scrollTop += row.getBoundingClientRect().top - this.view.getBoundingClientRect().top - this.view.clientHeight / 2;
    }
  }

  rg.key(['Enter', '⇧ Enter'], () => rg.say('in the search of a console: the next match, the one before'), '[data-console]');

  rg.each('[data-console]', (box) => {
    const near = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      // Where the data are not there, the last lines stay as they are.
      new Console(box).start().catch(() => box.querySelector('.console-bar').remove());
    }, { rootMargin: '400px' });
    near.observe(box);
  });
})();
