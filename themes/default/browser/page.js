/* What every page does: light or dark, contents that follow the reader, side notes that keep clear of each other,
   keys that can be searched, things that can be copied. The page is complete without it. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const root = document.documentElement;
  const CHOICES = ['system', 'light', 'dark'];
  const STORE = 'reportgen-theme';

  /* Storage may be forbidden (pages from a disk, private windows): the choice then lasts for this page. */
  function remembered() {
    try { return localStorage.getItem(STORE); } catch (error) { return null; }
  }

  function remember(choice) {
    try { localStorage.setItem(STORE, choice); } catch (error) { /* see above */ }
  }

  function apply(choice) {
    if (choice === 'light' || choice === 'dark') root.dataset.theme = choice;
    else delete root.dataset.theme;
    root.dataset.choice = CHOICES.includes(choice) ? choice : 'system';
  }

  /* At once, while the head is read: no page is ever seen in the wrong colours. */
  root.dataset.scripted = '';
  apply(remembered());

  function themeToggle() {
    const button = document.querySelector('[data-theme-toggle]');
    if (!button) return;
    const name = () => {
      const text = { system: rg.say('Colours: system'), light: rg.say('Colours: light'), dark: rg.say('Colours: dark') }[root.dataset.choice];
      button.setAttribute('aria-label', text);
      button.title = text;
    };
    button.addEventListener('click', () => {
      const next = CHOICES[(CHOICES.indexOf(root.dataset.choice) + 1) % CHOICES.length];
      apply(next);
      remember(next);
      name();
    });
    window.addEventListener('storage', (event) => {
      if (event.key === STORE) { apply(event.newValue); name(); }
    });
    name();
  }

  /** Marks the section that is being read, in the contents. */
  function followContents() {
    const links = Array.from(document.querySelectorAll('.contents-rail a'));
    const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    if (!links.length) return;
    let waiting = 0;
    const mark = () => {
      waiting = 0;
      const atEnd = window.innerHeight + window.scrollY >= root.scrollHeight - 2;
      let current = -1;
      headings.forEach((heading, i) => {
        if (heading && heading.getBoundingClientRect().top < (atEnd ? window.innerHeight : 140)) current = i;
      });
      links.forEach((link, i) => {
        if (i === current) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      });
    };
    window.addEventListener('scroll', () => { waiting = waiting || requestAnimationFrame(mark); }, { passive: true });
    mark();
  }

  /** Moves side notes down so that none lies on another, and wide figures down so that none lies on a note. */
  function placeSideNotes() {
    const items = Array.from(document.querySelectorAll('.prose .sidenotes, .prose > .width-wide, .prose > .width-full'));
    if (!items.some((item) => item.matches('.sidenotes'))) return;
    const place = () => {
      items.forEach((item) => item.style.removeProperty('--shift'));
      if (!window.matchMedia('(min-width: 1200px)').matches) return;
      let floor = -Infinity;
      for (const item of items) {
        const box = item.getBoundingClientRect();
        const shift = Math.max(0, Math.ceil(floor - box.top));
        if (shift) item.style.setProperty('--shift', shift + 'px');
        if (item.matches('.sidenotes')) floor = box.bottom + shift + 16;
      }
    };
    place();
    let width = window.innerWidth;
    window.addEventListener('resize', () => { if (window.innerWidth !== width) { width = window.innerWidth; place(); } });
    window.addEventListener('load', place);
    if (document.fonts) document.fonts.ready.then(place);
  }

  /** A search field above each long list of keys. */
  function searchKeys() {
    rg.each('[data-searchable]', (box) => {
      const rows = Array.from(box.querySelectorAll('dl > div'));
      if (rows.length < 12) return;
      const field = Object.assign(document.createElement('input'), { type: 'search', className: 'key-filter' });
      field.placeholder = rg.say('Filter {count} keys', { count: rows.length });
      field.setAttribute('aria-label', field.placeholder);
      const status = document.createElement('p');
      status.className = 'key-status';
      status.setAttribute('role', 'status');
      box.prepend(field, status);
      field.addEventListener('input', () => {
        const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        for (const row of rows) {
          const text = row.textContent.toLowerCase();
          row.hidden = !words.every((word) => text.includes(word));
          shown += row.hidden ? 0 : 1;
        }
        status.textContent = words.length ? rg.say('{shown} of {count} keys', { shown, count: rows.length }) : '';
      });
    });
  }

  /** Escape empties the field that filters keys. */
  function escapeKey() {
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !event.target.matches('.key-filter')) return;
      event.target.value = '';
      event.target.dispatchEvent(new Event('input'));
    });
  }

  /* A page from a disk may have no clipboard of its own; the old way works there. */
  function copy(text) {
    const oldWay = () => {
      const area = Object.assign(document.createElement('textarea'), { value: text });
      area.style.cssText = 'position:fixed;opacity:0';
      document.body.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      return done;
    };
    if (!navigator.clipboard) return Promise.resolve(oldWay());
    return navigator.clipboard.writeText(text).then(() => true, oldWay);
  }

  function copyButton(read, label) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'copy', textContent: rg.say('Copy') });
    button.setAttribute('aria-label', label);
    button.addEventListener('click', () => {
      copy(read()).then((done) => {
        button.textContent = done ? rg.say('Copied') : rg.say('Not copied');
        setTimeout(() => { button.textContent = rg.say('Copy'); }, 1600);
      });
    });
    return button;
  }

  function copyButtons() {
    rg.each('pre.highlight', (pre) => {
      const around = document.createElement('div');
      around.className = 'code';
      pre.replaceWith(around);
      around.append(pre, copyButton(() => pre.textContent.replace(/\n$/, ''), rg.say('Copy the code')));
    });
    rg.each('code[data-copyable]', (code) => {
      code.after(copyButton(() => code.textContent, rg.say('Copy the command')));
    });
    rg.each('a.anchor', (anchor) => {
      anchor.addEventListener('click', () => {
        copy(anchor.href).then((done) => {
          if (!done) return;
          anchor.classList.add('is-copied');
          setTimeout(() => anchor.classList.remove('is-copied'), 1600);
        });
      });
    });
  }

  /** What is folded in the text and among the charts is unfolded on paper. */
  function unfoldForPaper() {
    let opened = [];
    window.addEventListener('beforeprint', () => {
      opened = Array.from(document.querySelectorAll('.prose details:not([open]), .metric-group:not([open])'));
      opened.forEach((one) => { one.open = true; });
    });
    window.addEventListener('afterprint', () => opened.forEach((one) => { one.open = false; }));
  }

  /** The last lines of a console say how it ended. */
  function consoleEnds() {
    rg.each('.console', (one) => { one.scrollTop = one.scrollHeight; });
  }

  function start() {
    for (const part of [themeToggle, consoleEnds, followContents, placeSideNotes, searchKeys, escapeKey, copyButtons, unfoldForPaper]) part();
  }

  rg.ready(start);

  // When `reportgen serve` has put other headings and notes into the page.
  document.addEventListener('reportgen:changed', () => {
    followContents();
    placeSideNotes();
  });
})();
