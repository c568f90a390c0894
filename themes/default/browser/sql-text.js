/* The text of queries: names that may be written plainly, and what DuckDB complains of in words; both as reportgen/model/sql.py has them. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const sql = (rg.sql = rg.sql || {});
  const PLAIN = /^[A-Za-z_]\w*$/;
  const PIECES = /('(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/)/;
  const WORD = '[A-Za-z0-9_./]';

  /** The query with the names that SQL could not read (`config.lr`, `val/acc`) in double quotes, where they stand plainly. */
  sql.quoted = function (text, names) {
    const special = [...new Set(names)].filter((name) => name && !PLAIN.test(name)).sort((a, b) => b.length - a.length);
    if (!special.length) return text;
    const any = special.map((name) => name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|');
    const found = new RegExp(`(?<!${WORD})(?:${any})(?!${WORD})`, 'g');
    return text.split(PIECES).map((piece, i) => (i % 2 ? piece : piece.replace(found, (name) => '"' + name.replace(/"/g, '""') + '"'))).join('');
  };

  /* What each kind of complaint begins with, and what the page says of it: [what, how it may be mended]. `nearest` is DuckDB's own guess. */
  const KINDS = [
    [/Referenced column "([^"]+)" (?:was )?not found/, ([name], { nearest }) => [
      rg.say('no column “{name}”', { name }), nearest ? meant(nearest) : rg.say('text stands in single quotes: {text}', { text: `'${name}'` }),
    ]],
    [/does not have a column named "([^"]+)"/, ([name], { nearest }) => [rg.say('no column “{name}”', { name }), nearest && meant(nearest)]],
    [/Referenced table "([^"]+)" not found/, ([name], { text }) => {
      const dotted = text.match(new RegExp(name.replace(/[^\w]/g, '\\$&') + '\\.[\\w./]+'));
      return [rg.say('no column “{name}”', { name: dotted ? dotted[0] : name }), ''];
    }],
    [/Table with name (.+?) does not exist/, ([name], { tables }) => [
      rg.say('no table “{name}”', { name }), rg.say('there are: {names}', { names: tables.join(', ') }),
    ]],
    [/Function with name "?([^"\s]+)"? does not exist/, ([name], { nearest }) => [rg.say('no function “{name}”', { name }), nearest && meant(nearest)]],
    [/it exists in the (\w+) extension|required extension '(\w+)'/, ([one, other]) => [
      rg.say('this needs DuckDB’s extension “{name}”, which a page without a network cannot load', { name: one || other }), '',
    ]],
    [/Cannot prepare (multiple|other) statements|syntax error at or near ";"/, () => [rg.say('a query is one SELECT'), '']],
    [/syntax error at or near "([\s\S]*?)"\n/, ([name]) => [rg.say('the query cannot be read at “{name}”', { name }), '']],
    [/syntax error at end of input/, () => [rg.say('the query ends too early'), '']],
    [/file system operations are disabled/, (_, { tables }) => [rg.say('a query reads the logs and no files'), rg.say('there are: {names}', { names: tables.join(', ') })]],
    [/Out of Memory|could not allocate|memory access out of bounds/i, () => [rg.say('the query needs too much memory'), '']],
  ];

  const meant = (name) => rg.say('did you mean “{name}”?', { name });

  /** DuckDB's own guess: the first of its candidates. */
  function nearest(said) {
    const found = said.match(/(?:Candidate bindings|Candidate functions|Did you mean):? "([^"]+)"/);
    return found ? found[1].replace(/^answer\./, '') : '';
  }

  /** A complaint of DuckDB in words. Its lines are one more than the reader's unless it `isAlone`. */
  sql.complaint = function ({ message: said, isAlone }, text, tables) {
    const line = Number((said.match(/^LINE (\d+):/m) || [])[1]) - (isAlone ? 0 : 1);
    const about = { nearest: nearest(said), text, tables };
    for (const [pattern, words] of KINDS) {
      const found = pattern.exec(said + '\n');
      if (!found) continue;
      const [what, hint] = words(found.slice(1), about);
      return [line > 1 ? rg.say('{what} (line {n} of the query)', { what, n: rg.count(line) }) : what, hint].filter(Boolean).join('; ');
    }
    return rg.say('the query is wrong: {why}', { why: said.split('\n')[0].replace(/^[\w ]+ Error: /, '').replace(/[!.\s]+$/, '') });
  };
})();
