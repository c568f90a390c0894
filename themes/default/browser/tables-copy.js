/* What is copied from a table of runs: the rows that are shown, as CSV, Markdown or LaTeX. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const create = rg.create;
  const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

  /** The button with its menu. `shown(isExact)` gives {heads, numbers, rows: [[{text, best, like, number}]]}; `status` says what was done. */
  rg.tableCopy = function (shown, tools, status) {
    const box = create('div', 'table-menu');
    const button = create('button', 'table-menu-button', rg.say('Copy'));
    const list = create('div', 'table-menu-list');
    const open = (yes) => {
      list.hidden = !yes;
      button.setAttribute('aria-expanded', String(yes));
      if (yes) list.firstElementChild.focus();
    };
    button.type = 'button';
    button.setAttribute('aria-haspopup', 'menu');
    list.setAttribute('role', 'menu');
    open(false);

    const digits = item(rg.say('All digits'), 'menuitemcheckbox', () => check(digits.getAttribute('aria-checked') !== 'true'));
    const check = (yes) => digits.setAttribute('aria-checked', String(yes));
    check(true);
    const formats = [['CSV', csv], ['Markdown', markdown], ['LaTeX', latex]].map(([kind, write]) => item(rg.say('Copy as {kind}', { kind }), 'menuitem', () => {
      open(false);
      button.focus();
      copyText(write(shown(digits.getAttribute('aria-checked') === 'true')), kind, tools, status);
    }));
    list.append(...formats, digits);

    button.addEventListener('click', () => open(list.hidden));
    box.addEventListener('keydown', (event) => moveInMenu(event, list, () => {
      open(false);
      button.focus();
    }));
    box.addEventListener('focusout', (event) => {
      if (!box.contains(event.relatedTarget)) open(false);
    });
    box.append(button, list);
    return box;
  };

  function item(text, role, action) {
    const one = create('button', '', text);
    one.type = 'button';
    one.tabIndex = -1;
    one.setAttribute('role', role);
    one.addEventListener('click', action);
    return one;
  }

  function moveInMenu(event, list, close) {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      close();
      event.stopPropagation();
    } else if (step) {
      event.preventDefault();
      const items = [...list.children];
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    }
  }

  /** To the clipboard where the browser lets us, else into a field with everything selected. */
  function copyText(text, kind, tools, status) {
    const done = () => {
      status.textContent = rg.say('Copied as {kind}', { kind });
    };
    tools.parentNode.querySelectorAll('.table-text').forEach((old) => old.remove());
    const byHand = () => {
      const label = create('label', 'table-text', kind);
      const field = create('textarea');
      field.readOnly = true;
      field.value = text;
      label.append(field);
      tools.after(label);
      field.focus();
      field.select();
      let copied = false;
      try {
        copied = document.execCommand('copy');
      } catch {
        /* Then the reader copies what is selected. */
      }
      if (copied) {
        label.remove();
        tools.querySelector('.table-menu-button').focus();
        done();
      } else {
        status.textContent = rg.say('Press Ctrl+C or ⌘C to copy');
      }
    };
    if (navigator.clipboard && navigator.clipboard.writeText) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  }

  /** Rows as CSV that a spreadsheet opens without running any of it. */
  rg.csv = csv;

  function csv(data) {
    const field = (text) => (/[",\r\n]/.test(text) || text !== text.trim() ? '"' + text.replace(/"/g, '""') + '"' : text);
    // A spreadsheet would run a text that begins like a formula; an apostrophe keeps it a text.
    const formula = (text) => /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) && text !== '-inf';
    const harmless = (cell) => (formula(cell.text) ? "'" + cell.text : cell.text);
    const lines = [data.heads.map((head) => ({ text: head })), ...data.rows];
    return lines.map((line) => line.map((cell) => field(harmless(cell))).join(',') + '\r\n').join('');
  }

  function oneLine(text) {
    return text.replace(/\s*[\r\n]+\s*/g, ' ');
  }

  function markdown(data) {
    // An underscore inside a word is no emphasis and stays readable.
    const escaped = (text) => oneLine(text)
      .replace(/[\\`*{}[\]<>|~&$]/g, '\\$&')
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
    const line = (cells) => '| ' + cells.join(' | ') + ' |\n';
    return line(data.heads.map(escaped))
      + line(data.numbers.map((number) => (number ? '---:' : ':---')))
      + data.rows.map((row) => line(row.map((cell) => (cell.best ? '**' + escaped(cell.text) + '**' : (cell.like ? '≈ ' : '') + escaped(cell.text))))).join('');
  }

  const LATEX = {
    '\\': '\\textbackslash{}', '{': '\\{', '}': '\\}', '$': '\\$', '&': '\\&', '#': '\\#', '%': '\\%', '_': '\\_', '^': '\\textasciicircum{}',
    '~': '\\textasciitilde{}', '<': '\\textless{}', '>': '\\textgreater{}', '|': '\\textbar{}', '"': '\\textquotedbl{}', '±': '$\\pm$', '−': '$-$',
    '∞': '$\\infty$', '—': '---', '·': '$\\cdot$', '…': '\\dots{}', '\u202f': '\\,', '\u00a0': '~',
  };

  function latex(data) {
    const escaped = (text) => oneLine(text).replace(/[\\{}$&#%_^~<>|"±−∞—·…\u202f\u00a0]/g, (sign) => LATEX[sign]);
    const negative = (cell) => (cell.number && /^-/.test(cell.text) ? '$-$' + escaped(cell.text.slice(1)) : escaped(cell.text));
    // A bracket at the start of a row would be taken for an option of the \\ before it.
    const start = (text) => (/^[[*]/.test(text) ? '{}' + text : text);
    const line = (cells) => '  ' + start(cells.join(' & ')) + ' \\\\\n';
    return '% \\usepackage{booktabs}\n\\begin{tabular}{' + data.numbers.map((number) => (number ? 'r' : 'l')).join('') + '}\n  \\toprule\n'
      + line(data.heads.map(escaped)) + '  \\midrule\n'
      + data.rows.map((row) => line(row.map((cell) => (cell.best ? '\\textbf{' + negative(cell) + '}' : (cell.like ? '$\\approx$ ' : '') + negative(cell))))).join('')
      + '  \\bottomrule\n\\end{tabular}\n';
  }
})();
