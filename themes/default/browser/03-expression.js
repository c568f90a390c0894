/* Conditions on rows, written as in SQL: label <> prediction and confidence > 0.9. They are read here, never run as code.
   As in SQL, a comparison with a missing value is neither true nor false. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const WORDS = /^(and|or|not|in|like|ilike|between|is|null|true|false)$/i;
  const WORD = /[\p{L}\p{N}_./]/u;
  const FUNCTIONS = {
    abs: Math.abs, round: Math.round, floor: Math.floor, ceil: Math.ceil, sqrt: Math.sqrt, log10: Math.log10, ln: Math.log,
    length: (text) => [...String(text)].length, lower: (text) => String(text).toLowerCase(), upper: (text) => String(text).toUpperCase(),
    contains: (text, part) => String(text).includes(part), starts_with: (text, part) => String(text).startsWith(part),
    isnan: (number) => Number.isNaN(number),
  };

  /** A mistake in a condition, in words. */
  class ExpressionError extends Error {}

  /** Splits a text into tokens: {kind: number, text, name, word or sign; value; at}. */
  function tokens(text, names) {
    const byLength = [...names].sort((a, b) => b.length - a.length);
    const found = [];
    let at = 0;
    while (at < text.length) {
      const rest = text.slice(at);
      const space = /^\s+/.exec(rest);
      if (space) {
        at += space[0].length;
        continue;
      }
      const token = tokenOf(rest, byLength);
      found.push({ ...token, at });
      at += token.size;
    }
    return found;
  }

  function tokenOf(rest, names) {
    const isWhole = (name) => !(WORD.test(name[name.length - 1]) && rest.length > name.length && WORD.test(rest[name.length]));
    const quote = /^'((?:[^']|'')*)'/.exec(rest) || /^"((?:[^"]|"")*)"/.exec(rest);
    if (quote) {
      const sign = rest[0];
      return { kind: sign === "'" ? 'text' : 'name', value: quote[1].replaceAll(sign + sign, sign), size: quote[0].length };
    }
    if (/^['"]/.test(rest)) throw new ExpressionError(rg.say('a quote that is never closed'));
    const name = names.find((one) => one && rest.startsWith(one) && isWhole(one) && !WORDS.test(one) && !/^[\d.]+$/.test(one));
    if (name) return { kind: 'name', value: name, size: name.length };
    const number = /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i.exec(rest);
    if (number) return { kind: 'number', value: Number(number[0]), size: number[0].length };
    const sign = /^(<>|!=|<=|>=|==|[=<>+\-*/%(),])/.exec(rest);
    if (sign) return { kind: 'sign', value: { '!=': '<>', '==': '=' }[sign[0]] || sign[0], size: sign[0].length };
    const word = /^[\p{L}_][\p{L}\p{N}_./]*/u.exec(rest);
    if (!word) throw new ExpressionError(rg.say('it cannot be read at “{part}”', { part: rest.slice(0, 12) }));
    return { kind: WORDS.test(word[0]) ? 'word' : 'name', value: WORDS.test(word[0]) ? word[0].toLowerCase() : word[0], size: word[0].length };
  }

  class Parser {
    constructor(text, columns) {
      this.columns = new Map(columns.map((column) => [column.name, column]));
      this.tokens = tokens(text, this.columns.keys());
      this.at = 0;
    }

    /** Takes the next token if it is one of these signs or words. */
    take(...values) {
      const token = this.tokens[this.at];
      if (!token || (token.kind !== 'sign' && token.kind !== 'word') || !values.includes(token.value)) return '';
      this.at += 1;
      return token.value;
    }

    expect(value) {
      if (!this.take(value)) this.fail();
    }

    fail() {
      const token = this.tokens[this.at];
      if (!token) throw new ExpressionError(rg.say('something is missing at its end'));
      throw new ExpressionError(rg.say('it cannot be read at “{part}”', { part: token.value }));
    }

    whole() {
      const made = this.or();
      if (this.at < this.tokens.length) this.fail();
      return made;
    }

    or() {
      let left = this.and();
      while (this.take('or')) left = either(left, this.and(), true);
      return left;
    }

    and() {
      let left = this.not();
      while (this.take('and')) left = either(left, this.not(), false);
      return left;
    }

    not() {
      if (!this.take('not')) return this.comparison();
      const inner = this.not();
      return (i) => negated(truth(inner(i)));
    }

    comparison() {
      const left = this.sum();
      const sign = this.take('=', '<>', '<', '<=', '>', '>=');
      if (sign) return compared(left, this.sum(), sign);
      if (this.take('is')) {
        const isNot = this.take('not');
        this.expect('null');
        return (i) => (left(i) === null) !== Boolean(isNot);
      }
      const isNot = this.take('not');
      const made = this.membership(left);
      if (!made && isNot) this.fail();
      if (!made) return left;
      return isNot ? (i) => negated(made(i)) : made;
    }

    membership(left) {
      if (this.take('in')) {
        this.expect('(');
        const several = [compared(left, this.sum(), '=')];
        while (this.take(',')) several.push(compared(left, this.sum(), '='));
        this.expect(')');
        return several.reduce((one, other) => either(one, other, true));
      }
      const like = this.take('like', 'ilike');
      if (like) return alike(left, this.sum(), like === 'ilike');
      if (!this.take('between')) return null;
      const low = compared(left, this.sum(), '>=');
      this.expect('and');
      return either(low, compared(left, this.sum(), '<='), false);
    }

    sum() {
      let left = this.product();
      for (let sign = this.take('+', '-'); sign; sign = this.take('+', '-')) left = calculated(left, this.product(), sign);
      return left;
    }

    product() {
      let left = this.signed();
      for (let sign = this.take('*', '/', '%'); sign; sign = this.take('*', '/', '%')) left = calculated(left, this.signed(), sign);
      return left;
    }

    signed() {
      if (!this.take('-')) return this.value();
      const inner = this.signed();
      return (i) => {
        const value = inner(i);
        return value === null ? null : -value;
      };
    }

    value() {
      if (this.take('(')) {
        const inner = this.or();
        this.expect(')');
        return inner;
      }
      if (this.take('null')) return () => null;
      if (this.take('true')) return () => true;
      if (this.take('false')) return () => false;
      const token = this.tokens[this.at];
      if (!token || token.kind === 'sign' || token.kind === 'word') this.fail();
      this.at += 1;
      if (token.kind !== 'name') return () => token.value;
      return this.tokens[this.at]?.value === '(' && !this.columns.has(token.value) ? this.call(token.value.toLowerCase()) : this.column(token.value);
    }

    call(name) {
      const act = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : null;
      if (!act) throw new ExpressionError(rg.say('no function “{name}”; there are: {known}', { name, known: Object.keys(FUNCTIONS).join(', ') }));
      this.expect('(');
      const given = [this.or()];
      while (this.take(',')) given.push(this.or());
      this.expect(')');
      return (i) => {
        const values = given.map((one) => one(i));
        return values.includes(null) ? null : act(...values);
      };
    }

    column(name) {
      const folded = name.toLowerCase();
      const column = this.columns.get(name) || [...this.columns.values()].find((one) => one.name.toLowerCase() === folded);
      if (!column) {
        const near = nearest(name, [...this.columns.keys()]);
        throw new ExpressionError(near ? rg.say('no column “{name}”; did you mean “{near}”?', { name, near })
          : rg.say('no column “{name}”; text stands in single quotes', { name }));
      }
      return column.value;
    }
  }

  const truth = (value) => (value === null ? null : Boolean(value));
  const negated = (value) => (value === null ? null : !value);

  function either(left, right, isOr) {
    return (i) => {
      const one = truth(left(i));
      if (one === isOr) return isOr;
      const other = truth(right(i));
      if (other === isOr) return isOr;
      return one === null || other === null ? null : !isOr;
    };
  }

  function compared(left, right, sign) {
    return (i) => {
      let one = left(i);
      let other = right(i);
      if (one === null || other === null) return null;
      if (typeof one !== typeof other) [one, other] = typeof one === 'number' || typeof other === 'number' ? [Number(one), Number(other)] : [String(one), String(other)];
      switch (sign) {
        case '=': return one === other;
        case '<>': return one !== other;
        case '<': return one < other;
        case '<=': return one <= other;
        case '>': return one > other;
        default: return one >= other;
      }
    };
  }

  function calculated(left, right, sign) {
    return (i) => {
      const one = left(i);
      const other = right(i);
      if (one === null || other === null) return null;
      if (sign === '+') return Number(one) + Number(other);
      if (sign === '-') return one - other;
      if (sign === '*') return one * other;
      return sign === '/' ? one / other : one % other;
    };
  }

  function alike(left, pattern, ignoresCase) {
    const made = new Map();
    const of = (text) => {
      if (!made.has(text)) {
        const source = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '[^]*').replaceAll('_', '[^]');
        made.set(text, new RegExp('^' + source + '$', ignoresCase ? 'iu' : 'u'));
      }
      return made.get(text);
    };
    return (i) => {
      const one = left(i);
      const other = pattern(i);
      return one === null || other === null ? null : of(String(other)).test(String(one));
    };
  }

  /** The known name that has most pairs of letters in common with a word, if half of them are. */
  function nearest(word, names) {
    const pairs = (text) => new Set([...text.toLowerCase()].map((letter, i, all) => letter + (all[i + 1] || '')));
    const own = pairs(word);
    let best = '';
    let most = 0.4;
    for (const name of names) {
      const other = pairs(name);
      const shared = [...own].filter((pair) => other.has(pair)).length;
      const score = (2 * shared) / (own.size + other.size);
      if (score > most) [best, most] = [name, score];
    }
    return best;
  }

  /**
   * Reads a condition.
   * @param columns [{name, value: (row) => number, text, boolean or null}]
   * @returns {(row) => boolean} Whether it is true of a row.
   * @throws {Error} With a message for the reader.
   */
  rg.expression = function (text, columns) {
    const made = new Parser(text, columns).whole();
    return (i) => truth(made(i)) === true;
  };
})();
