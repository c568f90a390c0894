/* The page of an artifact: of several versions the one that the address names is shown (#v2); it can be compared with any other. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const LISTED = 200;

  class Versions {
    constructor(box) {
      this.box = box;
      this.parts = new Map([...box.querySelectorAll('[data-version]')].map((part) => [part.dataset.version, part]));
      this.chips = [...document.querySelectorAll('[data-chip]')];
    }

    start() {
      window.addEventListener('hashchange', () => this.show());
      this.show();
    }

    /** The version that the address names, else the latest. */
    named() {
      let name = '';
      try { name = decodeURIComponent(location.hash.slice(1)); } catch { /* no name of a version */ }
      return this.parts.has(name) ? name : this.box.dataset.latest;
    }

    show() {
      const name = this.named();
      for (const [other, part] of this.parts) part.hidden = other !== name;
      for (const chip of this.chips) {
        if (chip.dataset.chip === name) chip.setAttribute('aria-current', 'true');
        else chip.removeAttribute('aria-current');
      }
      const shown = this.parts.get(name);
      if (this.box.dataset.script && !shown.querySelector('.changes-head select')) this.chooser(name, shown);
      const select = shown.querySelector('.changes-head select');
      const against = rg.view.get('against');
      if (select && against && against !== name && this.parts.has(against)) {
        select.value = against;
        this.compare(name, against);
      }
    }

    /** The name of the version before becomes a choice of all others; the first version, which has none before it, gets one too. */
    chooser(name, part) {
      let place = part.querySelector('[data-against]');
      if (!place) place = this.emptyComparison(part);
      const select = rg.create('select');
      select.setAttribute('aria-label', rg.say('Version to compare with'));
      for (const other of this.parts.keys()) {
        if (other !== name) select.append(Object.assign(rg.create('option', '', other), { value: other, selected: other === place.dataset.against }));
      }
      if (!place.dataset.against) select.prepend(Object.assign(rg.create('option', '', '…'), { value: '', selected: true }));
      select.addEventListener('change', () => {
        rg.view.set({ against: select.value === place.dataset.against ? '' : select.value });
        this.compare(name, select.value);
      });
      place.replaceChildren(select);
    }

    emptyComparison(part) {
      const head = rg.create('h3', 'changes-head', rg.say('Compared with') + ' ');
      const place = rg.create('span');
      place.dataset.against = '';
      head.append(place);
      const changes = rg.create('div', 'version-changes');
      changes.dataset.changes = '';
      part.append(head, changes);
      return place;
    }

    async compare(name, against) {
      const place = this.parts.get(name).querySelector('[data-changes]');
      if (!against) {
        place.replaceChildren();
        return;
      }
      const all = await rg.valueOf(this.box.dataset.root, this.box.dataset.script);
      const found = changes(all[against], all[name]);
      const list = rg.create('ul', 'changes');
      list.append(...found.items.slice(0, LISTED));
      const said = rg.create('p', 'changes-said', found.said);
      said.setAttribute('role', 'status');
      place.replaceChildren(said, list);
      const more = found.items.length - LISTED;
      if (more > 0) place.append(rg.create('p', 'section-note', rg.say('And {n} more.', { n: rg.count(more) })));
    }
  }

  /** What is different, as list items and in a sentence (the same as the build says of neighbours). */
  function changes(before, after) {
    const old = new Map(before.files.map((file) => [file[0], file]));
    const now = new Map(after.files.map((file) => [file[0], file]));
    const count = { added: 0, removed: 0, changed: 0, same: 0, unknown: 0 };
    const items = [];
    for (const path of [...new Set([...old.keys(), ...now.keys()])].sort()) {
      const kind = kindOf(old.get(path), now.get(path));
      count[kind] += 1;
      if (kind !== 'same' && kind !== 'unknown') items.push(item(kind, path, sizes(old.get(path), now.get(path))));
    }
    const keys = [...new Set([...Object.keys(before.metadata), ...Object.keys(after.metadata)])];
    // A value is [whole, in short]; in short as long as that tells the two apart.
    const pairs = keys.map((key) => [key, before.metadata[key] || ['—', '—'], after.metadata[key] || ['—', '—']]);
    const differ = pairs.filter(([, one, other]) => one[0] !== other[0]);
    items.push(...differ.map(([key, one, other]) => item('changed', key, (one[1] === other[1] ? [one[0], other[0]] : [one[1], other[1]]).join(' → '))));
    return { items, said: sentence(count, differ.length) };
  }

  function sizes(a, b) {
    if (!a || !b) return size((a || b)[1]);
    return size(a[1]) === size(b[1]) ? rg.say('{size}, other content', { size: size(b[1]) }) : size(a[1]) + ' → ' + size(b[1]);
  }

  function kindOf(a, b) {
    if (!a) return 'added';
    if (!b) return 'removed';
    if (a[2] && b[2]) return a[2] === b[2] ? 'same' : 'changed';
    if (a[1] !== null && b[1] !== null && a[1] !== b[1]) return 'changed';
    return a[3] && a[3] === b[3] ? 'same' : 'unknown';
  }

  function item(kind, name, about) {
    const made = rg.create('li', 'is-' + kind);
    const words = { added: rg.say('added'), removed: rg.say('removed'), changed: rg.say('changed') };
    made.append(rg.create('span', 'said', words[kind] + ' '), name + ' ', rg.create('span', 'size', about));
    return made;
  }

  function sentence(count, differ) {
    const parts = [];
    if (count.added) parts.push(rg.say('{n} added', { n: count.added }));
    if (count.removed) parts.push(rg.say('{n} removed', { n: count.removed }));
    if (count.changed) parts.push(rg.say('{n} changed', { n: count.changed }));
    if (count.same) parts.push(rg.say('{n} the same', { n: count.same }));
    if (count.unknown) parts.push(rg.say('{n} of the same name and size without a digest', { n: count.unknown }));
    const said = rg.say('Files: {counts}.', { counts: parts.join(', ') || '0' });
    return differ ? said + ' ' + rg.say('Values of the metadata that differ: {n}.', { n: differ }) : said;
  }

  function size(bytes) {
    if (bytes === null) return rg.say('size unknown');
    for (const [unit, name] of [[1e12, 'TB'], [1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB']]) {
      if (bytes >= 0.9995 * unit) return String(Number((bytes / unit).toPrecision(3))) + ' ' + name;
    }
    return bytes + ' B';
  }

  rg.ready(() => {
    const box = document.querySelector('[data-versions]');
    if (box && box.querySelector('[data-version]')) new Versions(box).start();
  });
})();
