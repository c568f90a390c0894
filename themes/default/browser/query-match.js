/* What a condition on runs means: for each run true, false, or null where a value is missing, as in SQL. A value that is not a
   number is a missing one, as it is to `Runs.where`. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const wrong = (message) => rg.query.wrong(message);
  const COMPARISONS = {
    '=': (a, b) => a === b, '!=': (a, b) => a !== b, '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b,
  };
  const ARITHMETIC = { '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b, '%': (a, b) => (b === 0 ? null : a % b) };
  const TRUE = /^(true|t|yes|y|1)$/i;
  const FALSE = /^(false|f|no|n|0)$/i;

  const and = (a, b) => (a === false || b === false ? false : a === null || b === null ? null : true);
  const or = (a, b) => (a === true || b === true ? true : a === null || b === null ? null : false);
  const not = (a) => (a === null ? null : !a);
  const both = (act) => (a, b) => (a === null || b === null ? null : act(a, b));

  /* How a value of one type is read as another; anything else is a mistake of the writer. A text that is written in the
     condition (“quoted”) takes the type of what stands beside it. */
  const READ = {
    number(value, from) {
      if (from === 'boolean') return Number(value);
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
      return Number.isNaN(number) && !/^\s*nan\s*$/i.test(value) ? wrong(rg.say('“{text}” is no number; put the number in single quotes to compare texts', { text: value })) : number;
    },
    boolean(value, from) {
      if (from === 'number') return value !== 0;
      return TRUE.test(value) ? true : FALSE.test(value) ? false : wrong(rg.say('“{text}” is neither true nor false', { text: value }));
    },
    time(value, from) {
      const text = String(value).trim().replace(' ', 'T');
      const time = from === 'number' ? NaN : Date.parse(text.length > 10 && !/(Z|[-+]\d\d:?\d\d)$/.test(text) ? text + 'Z' : text);
      return Number.isNaN(time) ? wrong(rg.say('“{text}” is no time; write it as in “2026-01-31 12:00”', { text: value })) : time;
    },
  };

  function as(type, part) {
    if (part.type === type || part.type === 'null') return part.of;
    if (type === 'text' && part.type === 'quoted') return part.of;
    const read = READ[type];
    if (!read || part.type === 'list') return wrong(rg.say('a list is compared with a value; write it as in {example}', { example: "'tag' in tags" }));
    return (i) => {
      const value = part.of(i);
      return value === null ? null : read(value, part.type);
    };
  }

  /** The type in which two values are compared. */
  function common(left, right) {
    const types = [left.type, right.type].filter((type) => type !== 'null');
    return ['list', 'time', 'number', 'boolean', 'text'].find((type) => types.includes(type)) || 'text';
  }

  const MEANINGS = {
    number: ({ value }) => ({ type: 'number', of: () => value }),
    text: ({ value }) => ({ type: 'quoted', of: () => value }),
    null: () => ({ type: 'null', of: () => null }),
    true: () => ({ type: 'boolean', of: () => true }),
    false: () => ({ type: 'boolean', of: () => false }),
    column({ name }, column) {
      const { kind, at } = column(name);
      if (kind !== 'number') return { type: kind, of: at };
      return { type: kind, of: (i) => { const value = at(i); return value === null || Number.isNaN(Number(value)) ? null : Number(value); } };
    },
    and: (tree, column) => logical(and, tree, column),
    or: (tree, column) => logical(or, tree, column),
    not(tree, column) {
      const of = truth(tree.of, column);
      return { type: 'boolean', of: (i) => not(of(i)) };
    },
    compare(tree, column) {
      const [left, right] = [meaning(tree.left, column), meaning(tree.right, column)];
      return { type: 'boolean', of: compared(COMPARISONS[tree.sign], left, right) };
    },
    in(tree, column) {
      const left = meaning(tree.left, column);
      const options = tree.options.map((option) => meaning(option, column));
      if (options.length === 1 && options[0].type === 'list') {
        const contains = both((list, value) => list.includes(value));
        return { type: 'boolean', of: (i) => contains(options[0].of(i), left.of(i)) };
      }
      const same = options.map((option) => compared(COMPARISONS['='], left, option));
      return { type: 'boolean', of: (i) => same.reduce((found, one) => or(found, one(i)), false) };
    },
    like: (tree, column) => like(tree, column, false),
    ilike: (tree, column) => like(tree, column, true),
    is({ left, what, isNot }, column) {
      if (what === 'null') {
        const { of } = meaning(left, column);
        return { type: 'boolean', of: (i) => (of(i) === null) !== isNot };
      }
      const of = truth(left, column);
      return { type: 'boolean', of: (i) => (of(i) === (what === 'true')) !== isNot };
    },
    arithmetic(tree, column) {
      const [left, right] = [tree.left, tree.right].map((one) => as('number', meaning(one, column)));
      const act = both(ARITHMETIC[tree.sign]);
      return { type: 'number', of: (i) => act(left(i), right(i)) };
    },
  };

  function meaning(tree, column) {
    return MEANINGS[tree.kind](tree, column);
  }

  function compared(act, left, right) {
    const type = common(left, right);
    const [a, b] = [as(type, left), as(type, right)];
    const result = both(act);
    return (i) => result(a(i), b(i));
  }

  function logical(act, tree, column) {
    const [left, right] = [truth(tree.left, column), truth(tree.right, column)];
    return { type: 'boolean', of: (i) => act(left(i), right(i)) };
  }

  /** A text as a pattern: % is any text, _ any letter. */
  function like(tree, column, isLoose) {
    const [left, right] = [meaning(tree.left, column), meaning(tree.right, column)];
    for (const { type } of [left, right]) if (!['text', 'quoted', 'null'].includes(type)) wrong(rg.say('like is for texts'));
    const known = new Map();
    const pattern = (text) => {
      const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%/g, '[\\s\\S]*').replace(/_/g, '[\\s\\S]');
      if (!known.has(text)) known.set(text, new RegExp('^' + escaped + '$', isLoose ? 'iu' : 'u'));
      return known.get(text);
    };
    const act = both((text, like_) => pattern(like_).test(text));
    return { type: 'boolean', of: (i) => act(left.of(i), right.of(i)) };
  }

  function truth(tree, column) {
    return as('boolean', meaning(tree, column));
  }

  /** The columns that a tree names. */
  function columnsOf(tree, found = new Set()) {
    if (tree.kind === 'column') found.add(tree.name);
    for (const part of [tree.left, tree.right, tree.kind === 'not' ? tree.of : null, ...(tree.options || [])]) if (part) columnsOf(part, found);
    return found;
  }

  /**
   * Whether the condition is true, for the number of a run.
   * @param column Gives {kind, at(i)} for a name: kind is 'number', 'boolean', 'time', 'list' or 'text', at(i) a value or null.
   * @throws QueryError; the function that it gives throws it, too, for a value that cannot be read.
   */
  function condition(tree, column) {
    const of = truth(tree, column);
    return (i) => of(i) === true;
  }

  /** For each of `count` runs whether the condition is true. */
  function matching(tree, column, count) {
    const isTrue = condition(tree, column);
    return Array.from({ length: count }, (_, i) => isTrue(i));
  }

  /** The name that is most alike, if one is: with the fewest letters changed. */
  function nearest(name, names) {
    let best = '';
    let least = Math.max(2, name.length * 0.4);
    for (const one of names) {
      for (const part of new Set([one, one.split(/[./]/).pop()])) {
        const away = distance(name.toLowerCase(), part.toLowerCase());
        if (away < least) [best, least] = [one, away];
      }
    }
    return best;
  }

  function distance(a, b) {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let k = 1; k <= b.length; k++) next[k] = Math.min(row[k] + 1, next[k - 1] + 1, row[k - 1] + (a[i - 1] === b[k - 1] ? 0 : 1));
      row = next;
    }
    return row[b.length];
  }

  rg.query = Object.assign(rg.query || {}, { condition, matching, columnsOf, nearest });
})();
