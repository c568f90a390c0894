/* What a search finds in the index of the site (reportgen/site/search.py): all words must occur, those in titles count most. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const AROUND = 60;
  rg.search = {};

  /** The words of a query. */
  rg.search.words = function (query) {
    return query.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  };

  /** The index with the texts that are searched, made once: {kind, title, href, more, inTitle, inAll}[]. */
  rg.search.prepare = function (index) {
    const entries = [];
    for (const [kind, several] of Object.entries(index)) {
      for (const [title, href, more] of several) {
        const inTitle = title.normalize('NFC').toLowerCase();
        const isFoundByMore = kind !== 'config' && kind !== 'metrics';
        entries.push({ kind, title, href, more, inTitle, inAll: isFoundByMore ? inTitle + '\n' + more.normalize('NFC').toLowerCase() : inTitle });
      }
    }
    return entries;
  };

  /** The entries that have all words, by kind, the best first: Map of kind → entries. Kinds stand in the order of the index. */
  rg.search.find = function (entries, words) {
    const found = new Map();
    for (const entry of entries) {
      if (!words.every((word) => entry.inAll.includes(word))) continue;
      if (!found.has(entry.kind)) found.set(entry.kind, []);
      found.get(entry.kind).push([score(entry, words), entry]);
    }
    for (const [kind, several] of found) {
      several.sort((a, b) => b[0] - a[0]);
      found.set(kind, several.map((one) => one[1]));
    }
    return found;
  };

  /** 8 for the whole title, 4 for its beginning, 2 for the beginning of a word in it, 1 for anywhere in it. */
  function score(entry, words) {
    let sum = entry.inTitle === words.join(' ') ? 8 : 0;
    for (const word of words) {
      const at = entry.inTitle.indexOf(word);
      if (at === 0) sum += 4;
      else if (at > 0) sum += /[\p{L}\p{N}]/u.test(entry.inTitle[at - 1]) ? 1 : 2;
    }
    return sum;
  }

  /** A text as pieces, the words in it as <mark>. */
  rg.search.marked = function (text, words) {
    const pieces = [];
    const low = text.toLowerCase();
    // A letter may change its length in lower case: then nothing is marked rather than the wrong letters.
    const isSame = low.length === text.length;
    let at = 0;
    while (at < text.length) {
      const next = isSame ? nearest(low, words, at) : null;
      if (!next) break;
      if (next.from > at) pieces.push(text.slice(at, next.from));
      pieces.push(rg.create('mark', '', text.slice(next.from, next.to)));
      at = next.to;
    }
    if (at < text.length) pieces.push(text.slice(at));
    return pieces;
  };

  function nearest(low, words, at) {
    let best = null;
    for (const word of words) {
      const from = low.indexOf(word, at);
      if (from >= 0 && (!best || from < best.from || (from === best.from && from + word.length > best.to))) best = { from, to: from + word.length };
    }
    return best;
  }

  /** The part of a text around the first word that is found in it; its beginning when none is. */
  rg.search.excerpt = function (text, words) {
    const found = nearest(text.toLowerCase(), words, 0);
    const from = found && found.from > AROUND ? text.indexOf(' ', found.from - AROUND) + 1 : 0;
    const far = from + 2 * AROUND + 40;
    const to = far < text.length ? Math.max(text.lastIndexOf(' ', far), far - 30) : text.length;
    return (from ? '… ' : '') + text.slice(from, to) + (to < text.length ? ' …' : '');
  };
})();
