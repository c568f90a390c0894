/* Tables of runs: sort by a click on a head, filter, copy as CSV, Markdown or LaTeX. What the reader made of a table
   is kept in the address (?t1.sort=val/acc:desc&t1.filter=adam), so that a link shows the same. */
(function () {
  'use strict';

  const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
  const FILTER_FROM = 8;
  const WHOLE_UP_TO = 60;
  const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

  function create(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  }

  /** What is seen in a cell: its value without the marks and the difference beside it. */
  function seen(cell) {
    return (cell.querySelector('.value, .run') || cell).textContent.trim();
  }

  function exact(cell) {
    if (cell.dataset.copy !== undefined) return cell.dataset.copy;
    return cell.dataset.value !== undefined ? cell.dataset.value : seen(cell);
  }

  /** [rank, key]: numbers come before text, and what is missing or not a number comes last in both directions. */
  function sortKey(cell) {
    const value = cell.dataset.value !== undefined ? cell.dataset.value : seen(cell);
    if (value === '') return [2, 0];
    if (NUMBER.test(value)) return [0, Number(value)];
    if (!cell.classList.contains('number')) return [1, value];
    if (/^[-+]?inf$/.test(value)) return [0, value[0] === '-' ? -Infinity : Infinity];
    return value === 'nan' || value === 'null' ? [2, 0] : [1, value];
  }

  function compareKeys(a, b, sign) {
    if (a[0] !== b[0]) return a[0] - b[0];
    if (a[0] === 2) return 0;
    if (a[0] === 1) return sign * collator.compare(a[1], b[1]);
    return sign * (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
  }

  /* The address. A page opened from a disk may refuse to change it: then the view is simply not kept. */

  function stored(name) {
    return new URLSearchParams(location.search).get(name) || '';
  }

  function store(name, value) {
    try {
      const address = new URL(location.href);
      const query = address.searchParams;
      if (value) query.set(name, value);
      else query.delete(name);
      // Slashes and colons are allowed in a query and are easier to read as they are.
      address.search = query.toString().replace(/%2F/gi, '/').replace(/%3A/gi, ':');
      history.replaceState(history.state, '', address.href);
    } catch {
      /* The table works without it. */
    }
  }

  function enhance(table, position) {
    const name = table.dataset.name || 't' + position;
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    const rows = [...body.rows];
    const status = create('span', 'table-status');
    const copied = heads.map((head) => head.dataset.name !== undefined);
    let sorted = null;
    status.setAttribute('role', 'status');

    function sortBy(head, direction) {
      if (sorted) sorted.removeAttribute('aria-sort');
      sorted = direction ? head : null;
      let order = rows;
      if (direction) {
        const column = heads.indexOf(head);
        const sign = direction === 'descending' ? -1 : 1;
        const keys = new Map(rows.map((row) => [row, sortKey(row.cells[column])]));
        order = [...rows].sort((a, b) => compareKeys(keys.get(a), keys.get(b), sign));
        head.setAttribute('aria-sort', direction);
      }
      body.append(...order);
    }

    function cycle(head) {
      const first = head.dataset.goal === 'max' ? 'descending' : 'ascending';
      const second = first === 'ascending' ? 'descending' : 'ascending';
      const now = head.getAttribute('aria-sort');
      const next = now === first ? second : now === second ? '' : first;
      sortBy(head, next);
      store(name + '.sort', next && head.dataset.name + ':' + next.slice(0, next === 'ascending' ? 3 : 4));
    }

    function makeSortable(head) {
      const button = create('button', 'sort');
      button.type = 'button';
      button.append(...head.childNodes);
      button.addEventListener('click', () => cycle(head));
      head.append(button);
    }

    function filter(text) {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const row of rows) {
        row.hidden = !words.every((word) => searched(row).includes(word));
        if (!row.hidden) count += 1;
      }
      status.textContent = words.length ? count + ' of ' + rows.length : '';
    }

    const texts = new Map();
    function searched(row) {
      if (!texts.has(row)) texts.set(row, [...row.cells].map((cell) => seen(cell) + '\n' + exact(cell)).join('\n').toLowerCase());
      return texts.get(row);
    }

    /** The rows as they are shown: {heads, numbers, rows: [[{text, best}]]}. */
    function shown(isExact) {
      const keep = (cell, i) => copied[i];
      const visible = [...body.rows].filter((row) => !row.hidden && !row.cells[0].classList.contains('drawn'));
      const asData = (cell) => ({
        text: isExact ? exact(cell) : seen(cell),
        best: cell.classList.contains('best'),
        number: cell.classList.contains('number'),
      });
      return {
        heads: heads.filter(keep).map((head) => head.dataset.name),
        numbers: heads.filter(keep).map((head) => head.classList.contains('number')),
        rows: visible.map((row) => [...row.cells].filter(keep).map(asData)),
      };
    }

    function toolbar() {
      const tools = create('div', 'table-tools');
      if (rows.length >= (table.classList.contains('transposed') ? 2 * FILTER_FROM : FILTER_FROM)) tools.append(filterBox());
      else tools.classList.add('is-small');
      tools.append(status, copyMenu(shown, (text, kind) => copyText(text, kind, tools, status)));
      return tools;
    }

    function filterBox() {
      const box = create('input', 'table-filter');
      let later = 0;
      box.type = 'search';
      box.placeholder = 'Filter rows';
      box.setAttribute('aria-label', 'Filter rows');
      box.value = stored(name + '.filter');
      box.addEventListener('input', () => {
        filter(box.value);
        clearTimeout(later);
        later = setTimeout(() => store(name + '.filter', box.value.trim()), 200);
      });
      if (box.value) filter(box.value);
      return box;
    }

    const scroll = table.closest('.table-scroll') || table;
    /** A table that fits stands in the page as it is, and its head sticks to the window. */
    const edges = () => {
      scroll.classList.toggle('is-whole', rows.length <= WHOLE_UP_TO && table.offsetWidth <= scroll.clientWidth);
      scroll.classList.toggle('is-scrolled', scroll.scrollLeft > 0);
      scroll.classList.toggle('has-more', scroll.scrollLeft + scroll.clientWidth < scroll.scrollWidth - 1);
    };
    scroll.addEventListener('scroll', edges, { passive: true });
    new ResizeObserver(edges).observe(scroll);
    scroll.before(toolbar());
    if (table.dataset.sortable !== undefined && rows.length > 1) {
      heads.filter((head) => head.dataset.name !== undefined).forEach(makeSortable);
      const [, key, direction] = /^(.*):(asc|desc)$/.exec(stored(name + '.sort')) || [];
      const head = heads.find((one) => one.dataset.name === key);
      if (key !== undefined && head) sortBy(head, direction + 'ending');
    }
  }

  /* Copying. */

  function copyMenu(shown, copy) {
    const box = create('div', 'table-menu');
    const button = create('button', 'table-menu-button', 'Copy');
    const list = create('div', 'table-menu-list');
    button.type = 'button';
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    list.setAttribute('role', 'menu');
    list.hidden = true;

    function open(yes) {
      list.hidden = !yes;
      button.setAttribute('aria-expanded', String(yes));
      if (yes) list.firstElementChild.focus();
    }
    function item(text, role, action) {
      const one = create('button', '', text);
      one.type = 'button';
      one.tabIndex = -1;
      one.setAttribute('role', role);
      one.addEventListener('click', action);
      list.append(one);
      return one;
    }

    for (const [kind, write] of [['CSV', csv], ['Markdown', markdown], ['LaTeX', latex]]) {
      item('Copy as ' + kind, 'menuitem', () => {
        open(false);
        button.focus();
        copy(write(shown(digits.getAttribute('aria-checked') === 'true')), kind);
      });
    }
    const digits = item('All digits', 'menuitemcheckbox', () => {
      digits.setAttribute('aria-checked', String(digits.getAttribute('aria-checked') !== 'true'));
    });
    digits.setAttribute('aria-checked', 'true');

    button.addEventListener('click', () => open(list.hidden));
    box.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape' && !list.hidden) {
        open(false);
        button.focus();
        event.stopPropagation();
      } else if (step && !list.hidden) {
        event.preventDefault();
        const items = [...list.children];
        items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
      }
    });
    box.addEventListener('focusout', (event) => {
      if (!box.contains(event.relatedTarget)) open(false);
    });
    box.append(button, list);
    return box;
  }

  /** To the clipboard where the browser lets us, else into a field with everything selected. */
  function copyText(text, kind, tools, status) {
    const done = () => {
      status.textContent = 'Copied as ' + kind;
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
        status.textContent = 'Press Ctrl+C or ⌘C to copy';
      }
    };
    if (navigator.clipboard && navigator.clipboard.writeText) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  }

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
      + data.rows.map((row) => line(row.map((cell) => (cell.best ? '**' + escaped(cell.text) + '**' : escaped(cell.text))))).join('');
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
      + data.rows.map((row) => line(row.map((cell) => (cell.best ? '\\textbf{' + negative(cell) + '}' : negative(cell))))).join('')
      + '  \\bottomrule\n\\end{tabular}\n';
  }

  function start() {
    document.querySelectorAll('table.data').forEach((table, i) => {
      if (table.tHead && table.tBodies.length) enhance(table, i + 1);
    });
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
