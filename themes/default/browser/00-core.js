/* What all browser code shares: the namespace, words, scripts that are loaded when they are needed, the view in the address. */
(function () {
  'use strict';

  const rg = (window.reportgen = window.reportgen || {});
  const loading = new Map();
  const values = new Map();
  const words = new Map();
  let counted;

  /** Loads a classic script once. */
  rg.load = function (address) {
    if (!loading.has(address)) {
      loading.set(address, new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.src = address;
        script.onload = () => resolve();
        script.onerror = () => reject(new Error(address));
        document.head.append(script);
      }));
    }
    return loading.get(address);
  };

  /** Called by data scripts (`Site.script(folder, 'value', …)`): hands over a value by the script's own path. */
  rg.value = function (path, value) {
    values.set(path, value);
  };

  /** The value of a data script, given its path below the site's root; the script is loaded when it is not there yet. */
  rg.valueOf = async function (root, path) {
    if (!values.has(path)) await rg.load(root + path);
    return values.get(path);
  };

  /** Called by the script of a language with its messages. */
  rg.words = function (messages) {
    for (const [message, translated] of Object.entries(messages)) words.set(message, translated);
  };

  /** A message in the page's language; `{name}` is replaced by the value of that name. */
  rg.say = function (message, named) {
    const text = words.get(message) || message;
    return named ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in named ? String(named[name]) : whole)) : text;
  };

  /** A whole number as the page's language writes it. */
  rg.count = (number) => (counted = counted || new Intl.NumberFormat(document.documentElement.lang || 'en')).format(number);

  /** An element with a class and a text (a text only: what comes out of logs is never HTML). */
  rg.create = function (tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined && text !== '') made.textContent = text;
    return made;
  };

  /* What the reader set is in the address, so that a copied link shows the same. A page opened from a disk may refuse
     to change it: then the view is simply not kept. */
  rg.view = {
    /** What is set under a name, '' when nothing is. */
    get(name) {
      return new URLSearchParams(location.search).get(name) || '';
    },

    /** Sets several names at once; an empty value removes one. */
    set(changes) {
      try {
        const address = new URL(location.href);
        const query = address.searchParams;
        for (const [name, value] of Object.entries(changes)) {
          if (value) query.set(name, value);
          else query.delete(name);
        }
        // Slashes, colons and commas are allowed in a query and are easier to read as they are.
        address.search = query.toString().replace(/%2F/gi, '/').replace(/%3A/gi, ':').replace(/%2C/gi, ',');
        history.replaceState(history.state, '', address.href);
      } catch {
        /* The page works without it. */
      }
    },
  };

  /** A value that several parts of a page share: those that listen are told of a new one. */
  function shared(value) {
    const listeners = [];
    return {
      get: () => value,
      set(next) {
        if (next === value) return;
        value = next;
        for (const listener of listeners) listener(value);
      },
      on: (listener) => listeners.push(listener),
    };
  }

  /** The run under the pointer or focus, by its id ('' for none): every chart and table of the page marks it. */
  rg.hovered = shared('');

  /** The runs that are brushed in a chart, as a Set of ids, null for all: every chart and table of the page follows. */
  rg.brushed = shared(null);

  /** Keeps classes on a box that say on which sides of it there is more to scroll to, so that its edges can fade there. */
  rg.watchEdges = function (box) {
    const tell = () => {
      box.classList.toggle('is-scrolled', box.scrollLeft > 0);
      box.classList.toggle('has-more', box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
      box.classList.toggle('has-below', box.scrollTop + box.clientHeight < box.scrollHeight - 1);
    };
    box.addEventListener('scroll', tell, { passive: true });
    const sizes = new ResizeObserver(tell);
    for (const one of [box, ...box.children]) sizes.observe(one);
  };

  /** Calls back when the page is there. */
  rg.ready = function (start) {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
    else start();
  };

  const parts = [];

  /** Calls back with each element that fits a selector: when the page is there, and when such elements come into it later. */
  rg.each = function (selector, start) {
    parts.push({ selector, start });
    rg.ready(() => document.querySelectorAll(selector).forEach((one) => start(one)));
  };

  /** Told of an element that has come into the page later (`reportgen serve` puts it there): what `rg.each` wants of it is done. */
  rg.adopt = function (element) {
    for (const { selector, start } of parts) {
      for (const one of [element, ...element.querySelectorAll('*')]) {
        if (one.isConnected && one.matches(selector)) start(one);
      }
    }
  };
})();
