/* The runs of the dashboard: their columns, and which of them are shown, in which order, in which colour and group. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const COLOURS = 10;
  const DRAWN = 100;
  const CONDITION = /[=<>]|\b(in|like|ilike|is|between)\b/i;
  /** What the filter finds a value by: itself, and a state by its name in the page's language, too. */
  const texts = (column, value) => rg.columnExact(column, value) + (column.name === 'state' ? '\n' + rg.columnText(column, value) : '');
  const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

  class RunTable {
    constructor(root, data, view) {
      Object.assign(this, { root, data, view });
      this.count = data.runs.id.length;
      this.columns = new Map(data.columns.map((column) => [column.name, column]));
      this.place = new Map(data.runs.id.map((id, i) => [id, i]));
      this.texts = null;
      this.mistake = '';
    }

    /** The full name of a column that a condition may write without its prefix; undefined when there is none. */
    named(name) {
      return [name, 'config.' + name, 'summary.' + name].find((one) => this.columns.has(one));
    }

    /** All names that a condition may use. */
    names() {
      const short = [...this.columns.keys()].filter((name) => name.startsWith('config.')).map((name) => name.slice(7));
      return [...new Set([...this.columns.keys(), ...short])];
    }

    isThere(name) {
      return Boolean(this.columns.get(name).values);
    }

    /** Loads the values of columns; a Promise only where a script must be loaded. */
    need(names) {
      const missing = names.filter((name) => this.columns.has(name) && !this.isThere(name));
      if (!missing.length) return null;
      return Promise.all(missing.map(async (name) => {
        const column = this.columns.get(name);
        const values = await rg.valueOf(this.root, column.script);
        column.values = values[column.at];
      }));
    }

    value(name, i) {
      const { values } = this.columns.get(name);
      if (Array.isArray(values)) return values[i];
      if ('all' in values) return values.all;
      return values.i[i] < 0 ? null : values.v[values.i[i]];
    }

    /** Which columns the view asks for. */
    wanted() {
      const { view } = this;
      const names = [view.get('group'), view.get('sort').replace(/:(asc|desc)$/, '')];
      if (view.get('view') === 'table') names.push(...this.shownColumns());
      try {
        if (this.isCondition()) names.push(...[...rg.query.columnsOf(this.tree())].map((name) => this.named(name)));
      } catch (error) {
        if (!(error instanceof rg.query.QueryError)) throw error;
      }
      return names.filter((name) => this.columns.has(name));
    }

    shownColumns() {
      const chosen = this.view.list('columns').filter((name) => this.columns.has(name));
      return chosen.length ? chosen : this.defaultColumns();
    }

    defaultColumns() {
      return ['state', ...this.data.shown, 'started', 'duration', 'tags'].filter((name) => this.columns.has(name) && this.columns.get(name).different);
    }

    isCondition() {
      return CONDITION.test(this.view.get('filter'));
    }

    tree() {
      return rg.query.parse(this.view.get('filter'), this.names());
    }

    /** Computes which runs are shown; the columns that it needs are there. */
    compute() {
      const { view } = this;
      this.mistake = '';
      const kept = this.filtered();
      const only = new Set(view.list('only'));
      const hidden = new Set(view.list('hide'));
      const { id } = this.data.runs;
      this.listed = this.sorted(kept);
      this.isShown = (i) => (only.size ? only.has(id[i]) : !hidden.has(id[i])) && (!rg.brushed.get() || rg.brushed.get().has(id[i]));
      this.shown = this.listed.filter(this.isShown);
      this.group();
      this.most = view.get('show') === 'all' || this.groups ? Infinity : DRAWN;
      this.colour();
    }

    /** Whether each run fits the filter: words that its columns hold, or a condition. */
    filtered() {
      const text = this.view.get('filter').trim();
      if (!text) return Array(this.count).fill(true);
      if (!this.isCondition()) return this.searched(text.toLowerCase().split(/\s+/));
      try {
        const column = (name) => {
          const full = this.named(name);
          return { kind: this.columns.get(full).kind, at: (i) => this.value(full, i) };
        };
        return rg.query.matching(this.tree(), column, this.count);
      } catch (error) {
        if (!(error instanceof rg.query.QueryError)) throw error;
        this.mistake = error.message;
        return this.lastKept || Array(this.count).fill(true);
      }
    }

    searched(words) {
      if (!this.texts) {
        const there = [...this.columns.values()].filter((column) => column.values && column.different);
        this.texts = this.data.runs.id.map((_, i) => there.map((column) => texts(column, this.value(column.name, i))).join('\n').toLowerCase());
      }
      return this.texts.map((text) => words.every((word) => text.includes(word)));
    }

    /** [column, sign] by which the runs stand: the best of the main metric first unless the reader asks for another order. */
    order() {
      const [, name, direction] = /^(.*):(asc|desc)$/.exec(this.view.get('sort')) || [];
      if (this.columns.has(name)) return [name, direction === 'desc' ? -1 : 1];
      const { main } = this.data;
      return this.columns.has(main) ? [main, this.columns.get(main).goal === 'min' ? 1 : -1] : ['', 1];
    }

    sorted(kept) {
      this.lastKept = kept;
      const runs = [...kept.keys()].filter((i) => kept[i]);
      const [name, sign] = this.order();
      return name ? this.inOrder(runs, name, sign) : runs;
    }

    /** Numbers before texts, what is missing last in both directions. */
    inOrder(runs, name, sign) {
      const isText = !['number', 'time', 'boolean'].includes(this.columns.get(name).kind);
      const keys = new Map(runs.map((i) => [i, this.sortKey(name, i, isText)]));
      return runs.sort((a, b) => {
        const [first, second] = [keys.get(a), keys.get(b)];
        if (first === null || second === null) return (first === null) - (second === null);
        return sign * (isText ? collator.compare(first, second) : first < second ? -1 : first > second ? 1 : 0);
      });
    }

    sortKey(name, i, isText) {
      const value = this.value(name, i);
      if (value === null || value === '') return null;
      if (isText) return String(value);
      return Number.isNaN(Number(value)) ? null : Number(value);
    }

    /** The groups of the shown runs: [{label, value, runs}] in the order of their values, null without a key. */
    group() {
      const name = this.view.get('group');
      this.groups = null;
      this.groupOf = new Map();
      if (!this.columns.has(name)) return;
      const column = this.columns.get(name);
      const found = new Map();
      for (const i of this.listed) {
        const label = rg.columnText(column, this.value(name, i)) || rg.say('no {key}', { key: leaf(rg.columnName(name)) });
        const key = rg.columnExact(column, this.value(name, i));
        if (!found.has(key)) found.set(key, { key, label, value: this.value(name, i), all: [], runs: [] });
        found.get(key).all.push(i);
        if (this.isShown(i)) found.get(key).runs.push(i);
      }
      const isNumber = column.kind === 'number' || column.kind === 'time';
      this.groups = [...found.values()].sort((a, b) => (a.value === null) - (b.value === null) || (isNumber ? a.value - b.value : collator.compare(a.label, b.label)));
      for (const one of this.groups) for (const i of one.all) this.groupOf.set(i, one);
    }

    /** The colours: of groups by the key; of runs their own, of more than ten those of the first ten. */
    colour() {
      const { colour } = this.data.runs;
      this.colours = new Map();
      if (this.groups) return this.colourGroups();
      const first = new Set(this.shown.slice(0, COLOURS));
      const isFew = this.shown.length <= COLOURS;
      for (const i of this.shown) this.colours.set(i, isFew || first.has(i) ? colour[i] : '');
      return undefined;
    }

    colourGroups() {
      const { categories, ordered } = this.data;
      const isNumber = this.columns.get(this.view.get('group')).kind === 'number';
      const valued = this.groups.filter((one) => one.value !== null && one.value !== '');
      valued.forEach((one, at) => {
        if (isNumber) one.colour = valued.length === 1 ? categories[0] : ordered[Math.round((at / (valued.length - 1)) * (ordered.length - 1))];
        else one.colour = at < COLOURS ? categories[at % categories.length] : '';
      });
      for (const one of this.groups) for (const i of one.runs) this.colours.set(i, one.colour || '');
    }

    /** The keys that runs can be grouped by: with few enough different values to be told apart. */
    groupKeys() {
      const most = Math.min(50, Math.max(2, this.count - 1));
      const fits = ({ name, kind, different, goal }) => kind !== 'list' && kind !== 'time' && different > 1 && different <= most && !goal && !['id', 'path', 'command'].includes(name);
      return this.data.columns.filter((column) => fits(column) && (column.name.startsWith('config.') || ATTRIBUTES.has(column.name))).map((column) => column.name);
    }
  }

  const ATTRIBUTES = new Set(['name', 'project', 'group', 'sweep', 'job_type', 'state', 'user', 'host', 'git_commit', 'source', 'format']);
  const leaf = (name) => name.replace(/\//g, '.').split('.').pop() || name;

  rg.dashboard = Object.assign(rg.dashboard || {}, { RunTable, leaf, most: DRAWN });
})();
