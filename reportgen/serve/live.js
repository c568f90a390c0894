/* Keeps a page that `reportgen serve` shows up to date: only what changed is replaced, so that the place where the reader is,
   what is open, hidden or zoomed stays. Served beside the site and never part of it. */
(function () {
  'use strict';

  const mine = document.currentScript;
  const STRUCTURE = 'body, main, article, header, nav.site-nav, .with-contents, .contents-rail, .prose, .small-multiples, details.contents';
  /* Parts that belong to the page as a whole, and are begun once: when such a part changes, the page is loaded again. */
  const WHOLE = '[data-dashboard], [data-grid], [data-layer-stage], [data-versions], [data-run-charts], [data-sweep], [data-sql], ' +
    '[data-config], [data-comparisons], [data-search-open], [data-theme-toggle], [data-keys-open]';
  const OPEN = 'reportgen-open:' + location.pathname;
  const WAITING = 'waiting';
  let page = mine.dataset.page;
  let known = null;
  let scripts = '';
  let overlay = null;
  let queue = Promise.resolve();

  class Unlike extends Error {}

  /** The page as it was sent, without the pictures of its charts (reportgen/serve/light.py). */
  function recordPage() {
    const stills = [...document.querySelectorAll('[data-static]')].map((place) => [place, [...place.childNodes]]);
    stills.forEach(([place]) => place.replaceChildren());
    const made = record(document.body);
    stills.forEach(([place, nodes]) => place.replaceChildren(...nodes));
    return made;
  }

  /** An element as it was sent, before any other script has changed it. */
  function record(node) {
    return { node, html: node.outerHTML, inner: isStructure(node) ? [...node.children].map(record) : null };
  }

  /** Whether the children of an element are compared, and not the element as a whole. */
  function isStructure(node) {
    if (node.matches('figure.block')) return Boolean(node.querySelector('.chart')) && !node.querySelector('table, [data-console], [data-media]');
    if (!node.matches(STRUCTURE)) return false;
    return [...node.childNodes].every((one) => one.nodeType !== Node.TEXT_NODE || !one.data.trim());
  }

  /** What is a child of the place of an element now: itself, or what a script has put around it. */
  function shown(place, node) {
    while (node && node.parentNode !== place) node = node.parentNode;
    if (!node) throw new Unlike('moved');
    return node;
  }

  /** The positions of equal texts in two lists, as pairs in their order: a longest common subsequence. */
  function common(before, after) {
    const pairs = [];
    let start = 0;
    while (start < before.length && start < after.length && before[start] === after[start]) pairs.push([start, start++]);
    let [a, b] = [before.length, after.length];
    const last = [];
    while (a > start && b > start && before[a - 1] === after[b - 1]) last.unshift([--a, --b]);
    const width = b - start + 1;
    const longest = new Uint16Array((a - start + 1) * width);
    const at = (i, j) => (i - start) * width + j - start;
    for (let i = a - 1; i >= start; i--) {
      for (let j = b - 1; j >= start; j--) {
        longest[at(i, j)] = before[i] === after[j] ? longest[at(i + 1, j + 1)] + 1 : Math.max(longest[at(i + 1, j)], longest[at(i, j + 1)]);
      }
    }
    for (let i = start, j = start; i < a && j < b;) {
      if (before[i] === after[j]) pairs.push([i++, j++]);
      else if (longest[at(i + 1, j)] >= longest[at(i, j + 1)]) i++;
      else j++;
    }
    return pairs.concat(last);
  }

  /** Makes a recorded element what it is in the new page. */
  function become(old, next) {
    const place = old.node;
    for (const { name } of [...next.attributes, ...place.attributes]) {
      const before = attributeOf(old.html, name);
      const after = next.getAttribute(name);
      if (before === after) continue;
      if (after === null) place.removeAttribute(name);
      else place.setAttribute(name, after);
    }
    const children = [...next.children];
    const pairs = common(old.inner.map((one) => one.html), children.map((one) => one.outerHTML));
    const inner = [];
    let [i, j] = [0, 0];
    for (const [a, b] of [...pairs, [old.inner.length, children.length]]) {
      inner.push(...replace(place, old.inner.slice(i, a), children.slice(j, b), old.inner[a]));
      if (a < old.inner.length) inner.push(old.inner[a]);
      [i, j] = [a + 1, b + 1];
    }
    old.html = next.outerHTML;
    old.inner = inner;
  }

  const parsed = new Map();

  /** An attribute as it was sent; what scripts have made of it since is theirs. */
  function attributeOf(html, name) {
    const tag = html.slice(0, html.indexOf('>') + 1);
    if (!parsed.has(tag)) parsed.set(tag, new DOMParser().parseFromString(tag.replace(/^<body\b/, '<div'), 'text/html').body.firstElementChild);
    const found = parsed.get(tag);
    return found && found.getAttribute(name);
  }

  const alike = (old, next) => old.node.tagName === next.tagName && old.node.classList[0] === next.classList[0];

  /** Puts new elements in the place of old ones, before the element that stays; those that are alike become each other. */
  function replace(place, olds, nexts, stays) {
    const made = [];
    const end = stays ? shown(place, stays.node) : null;
    while (olds.length || nexts.length) {
      const [old, next] = [olds[0], nexts[0]];
      if (old && (!next || (!alike(old, next) && olds.length >= nexts.length))) {
        leave(place, olds.shift());
      } else if (old && alike(old, next)) {
        olds.shift();
        nexts.shift();
        if (old.inner && isStructure(next)) {
          become(old, next);
          made.push(old);
        } else {
          made.push(enter(place, next, shown(place, old.node), old));
          leave(place, old);
        }
      } else {
        nexts.shift();
        made.push(enter(place, next, old ? shown(place, old.node) : end, null));
      }
    }
    return made;
  }

  function enter(place, next, before, old) {
    if (next.matches(WHOLE) || next.querySelector(WHOLE)) throw new Unlike('a part of the whole page');
    const node = document.importNode(next, true);
    const made = record(node);
    place.insertBefore(node, before);
    const charts = (one) => (one.matches('.chart') ? [one] : [...one.querySelectorAll('.chart')]);
    if (old) {
      const old_charts = charts(old.node);
      charts(node).forEach((chart, i) => old_charts[i] && window.reportgen.succeed(old_charts[i], chart));
      if (old.node.matches('.chart-legend')) window.reportgen.keepHidden(old.node, node);
      const open = [...old.node.querySelectorAll('details')].map((one) => one.open);
      const details = [...node.querySelectorAll('details')];
      if (open.length === details.length) details.forEach((one, i) => { one.open = open[i]; });
    }
    fresh.push(node);
    return made;
  }

  function leave(place, old) {
    if (old.node.matches(WHOLE) || old.node.querySelector(WHOLE)) throw new Unlike('a part of the whole page');
    shown(place, old.node).remove();
  }

  let fresh = [];

  const links = (head, selector, name) => [...head.querySelectorAll(selector)].map((one) => one.getAttribute(name)).join();

  /** New style sheets beside the old ones, which go when they are there: the page is never without. */
  async function restyle(next) {
    const old = [...document.head.querySelectorAll('link[rel=stylesheet]')];
    if (links(document.head, 'link[rel=stylesheet]', 'href') === links(next.head, 'link[rel=stylesheet]', 'href')) return;
    await Promise.all([...next.head.querySelectorAll('link[rel=stylesheet]')].map((one) => new Promise((done) => {
      const link = document.importNode(one, true);
      link.onload = link.onerror = done;
      old[old.length - 1].after(link);
    })));
    old.forEach((one) => one.remove());
  }

  function reload() {
    try {
      sessionStorage.setItem(OPEN, JSON.stringify([...document.querySelectorAll('details')].map((one) => one.open)));
    } catch { /* What is open is then not kept. */ }
    location.reload();
    return new Promise(() => undefined);
  }

  function reopen() {
    try {
      const open = JSON.parse(sessionStorage.getItem(OPEN));
      sessionStorage.removeItem(OPEN);
      const details = [...document.querySelectorAll('details')];
      if (open && open.length === details.length) details.forEach((one, i) => { one.open = open[i]; });
    } catch { /* see above */ }
  }

  /** Takes the page as it is now. */
  async function update(wanted) {
    if (wanted === page) return undefined;
    if (!page || !wanted) return reload();
    const of = 'of=' + encodeURIComponent(location.pathname);
    const answer = await fetch('/.reportgen/page?' + of);
    if (!answer.ok) return reload();
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const own = next.querySelector('script[data-page]');
    if (!own || scripts !== links(next.head, 'script', 'src') || document.body.className !== next.body.className) return reload();
    await restyle(next);
    document.title = next.title;
    fresh = [];
    try {
      become(known, next.body);
    } catch (error) {
      if (!(error instanceof Unlike)) console.error(error);
      return reload();
    }
    const stills = fresh.flatMap((node) => [...node.querySelectorAll('[data-static]')]);
    if (stills.length) {
      const names = stills.map((one) => one.dataset.static).join();
      const pictures = await (await fetch('/.reportgen/pictures?' + of + '&names=' + names)).json();
      for (const one of stills) one.innerHTML = pictures[one.dataset.static] || '';
    }
    for (const node of fresh) if (node.isConnected) window.reportgen.adopt(node);
    page = own.dataset.page;
    document.dispatchEvent(new CustomEvent('reportgen:changed'));
    return undefined;
  }

  const LOOK = `
    :host { all: initial }
    section { position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 70vh; overflow: auto; box-sizing: border-box; padding: 18px 24px 22px;
      font: 15px/1.5 system-ui, sans-serif; color: #1b1b1f; background: #fff; border-top: 3px solid #c0392b; box-shadow: 0 -6px 30px rgb(0 0 0 / 25%) }
    h2 { margin: 0 0 10px; font-size: 15px; font-weight: 600 }
    ol { margin: 0; padding: 0; list-style: none; display: grid; gap: 12px }
    .place { font: 13px/1.4 ui-monospace, monospace; color: #a02c20; overflow-wrap: anywhere }
    .message { overflow-wrap: anywhere; white-space: pre-wrap }
    .hint { color: #5a5a66; overflow-wrap: anywhere }
    @media (prefers-color-scheme: dark) {
      section { color: #ececf1; background: #1d1d22; border-color: #ff7b6b }
      .place { color: #ff9d90 } .hint { color: #a9a9b5 }
    }`;

  function create(tag, name, text) {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  }

  /** Says what is wrong, over the last good page; nothing when all is well. What is shown is text only. */
  function complain(complaints) {
    if (overlay) overlay.remove();
    overlay = null;
    if (!complaints.length) return;
    overlay = document.createElement('reportgen-mistakes');
    const root = overlay.attachShadow({ mode: 'open' });
    const section = document.createElement('section');
    section.setAttribute('role', 'alert');
    const list = document.createElement('ol');
    for (const one of complaints) {
      const entry = document.createElement('li');
      if (one.file) entry.append(create('div', 'place', one.file + (one.line ? ':' + one.line : '')));
      entry.append(create('div', 'message', one.message));
      if (one.hint) entry.append(create('div', 'hint', one.hint));
      list.append(entry);
    }
    const title = complaints.length === 1 ? 'A mistake' : complaints.length + ' mistakes';
    section.append(create('h2', '', page && page !== WAITING ? title + '; below is the last good page' : title), list);
    root.append(create('style', '', LOOK), section);
    document.documentElement.append(overlay);
  }

  function listen() {
    const events = new EventSource('/.reportgen/events?page=' + encodeURIComponent(location.pathname));
    events.onmessage = (event) => {
      const state = JSON.parse(event.data);
      complain(state.complaints);
      if (page !== WAITING) queue = queue.then(() => update(state.page));
      else if (state.builds) reload();
    };
    window.addEventListener('pagehide', () => events.close());
    window.addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
  }

  document.addEventListener('DOMContentLoaded', () => {
    known = recordPage();
    scripts = links(document.head, 'script', 'src');
    reopen();
    listen();
  });
})();
