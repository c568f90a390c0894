/* Conditions on runs, `lr < 0.01 and state = 'finished'`: from text to a tree. The same language as `Runs.where` of Python,
   as far as it needs no database; query-match.js says what a tree means. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const WORD = /[A-Za-z0-9_./]/;
  const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'like', 'ilike', 'between', 'is', 'null', 'true', 'false']);
  const NUMBER = /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?(?![A-Za-z0-9_./])/i;
  const SIGN = /^(<=|>=|<>|!=|==|[=<>(),+*/%-])/;
  const UNKNOWN = /^(?:[A-Za-z_]\w*\([^()]*\)|[A-Za-z_][\w./]*)/;

  /** What is wrong with a condition, as a sentence for the reader. */
  class QueryError extends Error {}

  function wrong(message) {
    throw new QueryError(message);
  }

  /** @param names The columns, longest first. */
  function tokens(text, names) {
    const found = [];
    let i = 0;
    while (i < text.length) {
      if (/\s/.test(text[i])) {
        i++;
        continue;
      }
      const token = tokenAt(text, i, names);
      found.push(token);
      i += token.length;
    }
    return found;
  }

  function tokenAt(text, i, names) {
    const rest = text.slice(i);
    if (text[i] === "'" || text[i] === '"') return quoted(rest, names);
    const isInside = i > 0 && WORD.test(text[i - 1]);
    const number = NUMBER.exec(rest);
    const name = isInside ? undefined : nameAt(text, i, names);
    if (name !== undefined) return { kind: 'column', name, length: name.length };
    if (number && !isInside) return { kind: 'number', value: Number(number[0]), length: number[0].length };
    const word = UNKNOWN.exec(rest);
    if (word) {
      const lower = word[0].toLowerCase();
      if (KEYWORDS.has(lower)) return { kind: lower, length: word[0].length };
      const [start] = /^[A-Za-z_]\w*/.exec(rest);
      if (KEYWORDS.has(start.toLowerCase())) return { kind: start.toLowerCase(), length: start.length };
      unknown(word[0], names);
    }
    const sign = SIGN.exec(rest);
    if (!sign) wrong(rg.say('it cannot be read at “{text}”', { text: rest.slice(0, 12) }));
    return { kind: sign[0] === '<>' ? '!=' : sign[0] === '==' ? '=' : sign[0], length: sign[0].length };
  }

  function nameAt(text, i, names) {
    return names.find((name) => text.startsWith(name, i) && !(WORD.test(name[name.length - 1]) && WORD.test(text[i + name.length] || ' ')));
  }

  function quoted(rest, names) {
    const [quote] = rest;
    const found = (quote === "'" ? /^'((?:[^']|'')*)'/ : /^"((?:[^"]|"")*)"/).exec(rest);
    if (!found) wrong(rg.say('a quote that is never closed'));
    const value = found[1].split(quote + quote).join(quote);
    if (quote === "'") return { kind: 'text', value, length: found[0].length };
    if (!names.includes(value)) unknown(value, names);
    return { kind: 'column', name: value, length: found[0].length };
  }

  function unknown(name, names) {
    const near = rg.query.nearest(name, names);
    if (near) wrong(rg.say('no column “{name}”; did you mean “{near}”?', { name, near }));
    wrong(rg.say('no column “{name}”; text stands in single quotes', { name }));
  }

  /** A parser of one condition: each method takes what it names and gives its tree. */
  class Parser {
    constructor(found) {
      this.tokens = found;
      this.at = 0;
    }

    is(...kinds) {
      const token = this.tokens[this.at];
      return token !== undefined && kinds.includes(token.kind);
    }

    take(...kinds) {
      return this.is(...kinds) ? this.tokens[this.at++] : undefined;
    }

    need(kind) {
      if (!this.take(kind)) this.missing(kind === ')' ? rg.say('a ( without its )') : '');
    }

    missing(message) {
      if (this.at >= this.tokens.length) wrong(message || rg.say('something is missing at its end'));
      const token = this.tokens[this.at];
      wrong(rg.say('it cannot be read at “{text}”', { text: token.name || token.value || token.kind }));
    }

    whole() {
      const tree = this.or();
      if (this.is(')')) wrong(rg.say('a ) without its ('));
      if (this.is('=', '!=', '<', '<=', '>', '>=')) wrong(rg.say('comparisons stand beside each other; join them with and, or'));
      if (this.at < this.tokens.length) this.missing();
      return tree;
    }

    or() {
      let tree = this.and();
      while (this.take('or')) tree = { kind: 'or', left: tree, right: this.and() };
      return tree;
    }

    and() {
      let tree = this.not();
      while (this.take('and')) tree = { kind: 'and', left: tree, right: this.not() };
      return tree;
    }

    not() {
      return this.take('not') ? { kind: 'not', of: this.not() } : this.comparison();
    }

    comparison() {
      let tree = this.predicate(this.sum());
      const sign = this.take('=', '!=', '<', '<=', '>', '>=');
      if (sign) tree = { kind: 'compare', sign: sign.kind, left: tree, right: this.predicate(this.sum()) };
      return tree;
    }

    /** What may stand behind a value: is null, in (…), like, between. */
    predicate(left) {
      if (this.take('is')) return this.isWhat(left);
      const isNot = this.is('not') && Boolean(this.take('not'));
      const negated = (tree) => (isNot ? { kind: 'not', of: tree } : tree);
      if (this.take('in')) return negated({ kind: 'in', left, options: this.options() });
      const like = this.take('like', 'ilike');
      if (like) return negated({ kind: like.kind, left, right: this.sum() });
      if (this.take('between')) {
        const low = this.sum();
        this.need('and');
        const high = this.sum();
        const part = (sign, right) => ({ kind: 'compare', sign, left, right });
        return negated({ kind: 'and', left: part('>=', low), right: part('<=', high) });
      }
      if (isNot) this.missing();
      return left;
    }

    isWhat(left) {
      const isNot = Boolean(this.take('not'));
      const what = this.take('null', 'true', 'false');
      if (!what) this.missing();
      return { kind: 'is', left, what: what.kind, isNot };
    }

    options() {
      if (this.is('column')) return [this.sum()];
      this.need('(');
      const options = [this.sum()];
      while (this.take(',')) options.push(this.sum());
      this.need(')');
      return options;
    }

    sum() {
      let tree = this.product();
      for (let sign = this.take('+', '-'); sign; sign = this.take('+', '-')) tree = { kind: 'arithmetic', sign: sign.kind, left: tree, right: this.product() };
      return tree;
    }

    product() {
      let tree = this.value();
      for (let sign = this.take('*', '/', '%'); sign; sign = this.take('*', '/', '%')) tree = { kind: 'arithmetic', sign: sign.kind, left: tree, right: this.value() };
      return tree;
    }

    value() {
      if (this.take('-')) return { kind: 'arithmetic', sign: '-', left: { kind: 'number', value: 0 }, right: this.value() };
      if (this.take('(')) {
        const tree = this.or();
        this.need(')');
        return tree;
      }
      const token = this.take('column', 'number', 'text', 'null', 'true', 'false');
      if (!token) this.missing();
      return token;
    }
  }

  /** The tree of a condition. @throws QueryError */
  function parse(text, names) {
    const found = tokens(text, [...names].sort((a, b) => b.length - a.length));
    if (!found.length) wrong(rg.say('the condition is empty'));
    return new Parser(found).whole();
  }

  rg.query = Object.assign(rg.query || {}, { parse, wrong, QueryError });
})();
