/* The search of the site: the button in the header or / opens it; arrows choose, Enter follows, Escape closes. Its index is loaded when it
   is first opened, as a script, so that it works from a disk. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const SHOWN = 8;

  const kinds = () => ({
    reports: rg.say('Reports'), runs: rg.say('Runs'), tables: rg.say('Tables'), artifacts: rg.say('Artifacts'), sweeps: rg.say('Sweeps'),
    query: rg.say('Query'), config: rg.say('Config keys'), metrics: rg.say('Metrics'),
  });

  class SiteSearch {
    constructor(button) {
      this.root = button.dataset.root;
      this.script = button.dataset.search;
      this.chosen = -1;
      this.options = [];
    }

    open() {
      if (!this.dialog) this.build();
      if (!this.dialog.open) this.dialog.showModal();
      this.field.select();
      if (!this.entries) this.load();
    }

    build() {
      this.dialog = rg.dialog('site-search', rg.say('Search the site'));
      this.field = Object.assign(rg.create('input', 'search-field'), { type: 'search', autocomplete: 'off', spellcheck: false });
      this.field.placeholder = rg.say('Search runs, reports, tables, artifacts, keys');
      const attributes = { role: 'combobox', 'aria-label': rg.say('Search the site'), 'aria-expanded': 'false', 'aria-controls': 'search-results', 'aria-autocomplete': 'list' };
      for (const [name, value] of Object.entries(attributes)) this.field.setAttribute(name, value);
      this.list = Object.assign(rg.create('div', 'search-results'), { id: 'search-results' });
      this.list.setAttribute('role', 'listbox');
      this.list.setAttribute('aria-label', rg.say('Results'));
      this.status = rg.create('p', 'search-status');
      this.status.setAttribute('role', 'status');
      this.field.addEventListener('input', () => this.search());
      this.field.addEventListener('keydown', (event) => this.press(event));
      this.dialog.append(this.field, this.list, this.status);
    }

    async load() {
      this.status.textContent = rg.say('Loading …');
      try {
        this.entries = rg.search.prepare(await rg.valueOf(this.root, this.script));
      } catch {
        this.status.textContent = rg.say('The index of the search could not be loaded.');
        return;
      }
      this.search();
    }

    search() {
      if (!this.entries) return;
      const words = rg.search.words(this.field.value);
      this.options = [];
      this.list.replaceChildren();
      this.choose(-1);
      const found = words.length ? rg.search.find(this.entries, words) : new Map();
      let count = 0;
      for (const [kind, several] of found) {
        count += several.length;
        this.list.append(this.group(kind, several, words));
      }
      this.field.setAttribute('aria-expanded', String(count > 0));
      this.status.textContent = this.said(words, count);
      if (this.options.length) this.choose(0);
    }

    said(words, count) {
      if (!words.length) return rg.say('{n} things can be found.', { n: rg.count(this.entries.length) });
      if (!count) return rg.say('Nothing has all of these words.');
      return count === 1 ? rg.say('1 result') : rg.say('{n} results', { n: rg.count(count) });
    }

    group(kind, several, words) {
      const group = rg.create('div', 'search-group');
      const title = rg.create('div', 'search-kind', kinds()[kind]);
      title.id = 'search-kind-' + kind;
      if (several.length > SHOWN) title.append(rg.create('span', 'count', rg.say('{shown} of {count}', { shown: SHOWN, count: rg.count(several.length) })));
      group.setAttribute('role', 'group');
      group.setAttribute('aria-labelledby', title.id);
      group.append(title, ...several.slice(0, SHOWN).map((entry) => this.option(entry, words)));
      return group;
    }

    option(entry, words) {
      const option = rg.create('a', 'search-option');
      option.href = this.root + entry.href;
      option.id = 'search-option-' + this.options.length;
      option.tabIndex = -1;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      const title = rg.create('span', 'search-title');
      title.append(...rg.search.marked(entry.title, words));
      option.append(title);
      const about = rg.create('span', 'search-about');
      about.append(...this.about(entry, words));
      if (about.childNodes.length) option.append(about);
      const i = this.options.push(option) - 1;
      option.addEventListener('pointermove', () => this.choose(i));
      option.addEventListener('click', () => this.dialog.close());
      return option;
    }

    about(entry, words) {
      if (entry.kind === 'config' || entry.kind === 'metrics') return [entry.more === '1' ? rg.say('1 run') : rg.say('{n} runs', { n: entry.more })];
      return rg.search.marked(rg.search.excerpt(entry.more, words), words);
    }

    choose(i) {
      if (this.options[this.chosen]) this.options[this.chosen].setAttribute('aria-selected', 'false');
      this.chosen = i;
      const option = this.options[i];
      if (!option) {
        this.field.removeAttribute('aria-activedescendant');
        return;
      }
      option.setAttribute('aria-selected', 'true');
      this.field.setAttribute('aria-activedescendant', option.id);
    }

    press(event) {
      const n = this.options.length;
      if (event.key === 'Enter' && this.options[this.chosen]) {
        event.preventDefault();
        this.options[this.chosen].click();
      } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && n) {
        event.preventDefault();
        this.choose((this.chosen + (event.key === 'ArrowDown' ? 1 : n - 1) + n) % n);
        this.options[this.chosen].scrollIntoView({ block: 'nearest' });
      }
    }
  }

  rg.ready(() => {
    const button = document.querySelector('[data-search-open]');
    if (!button || !button.dataset.search) return;
    const search = new SiteSearch(button);
    button.addEventListener('click', () => search.open());
    rg.onKey('/', () => search.open());
  });
})();
