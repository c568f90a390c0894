/* The cells of a table: text, numbers, thumbnails, sound and film; and the large view that a thumbnail opens. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const grid = rg.grid;
  const TINY = 96;

  /** A cell of a row; `open(column, row)` shows a medium large. */
  grid.cell = function (sheet, column, i, root, open) {
    const value = column.value(i);
    const cell = rg.create('td', column.isNumber ? 'number' : 'text');
    if (value === null || value === undefined) {
      cell.classList.add('missing');
      cell.textContent = '—';
    } else if (column.isMedia) {
      cell.classList.add('grid-medium');
      cell.append(medium(column, value, i, root, open));
    } else if (column.run?.(i)) {
      cell.append(runLink(column.run(i), value, root));
    } else {
      write(cell, column, value, i);
    }
    const mark = column.mark ? column.mark(i) : isGuess(sheet, column) ? { false: 'wrong' }[grid.isRight(sheet, i)] || '' : '';
    if (mark) cell.classList.add('is-' + mark);
    if (mark === 'wrong' && !column.isWords) cell.prepend(rg.create('span', 'said', rg.say('wrong:') + ' '));
    return cell;
  };

  const isGuess = (sheet, column) => Boolean(sheet.answers) && sheet.answers[1] === column;

  /** What a run is called by, as a link to its page. */
  function runLink({ page, colour }, said, root) {
    const link = rg.create('a', 'run');
    link.href = root + page;
    const dot = rg.create('i', 'run-dot');
    dot.style.setProperty('--run', colour);
    link.append(dot, rg.plain(said));
    return link;
  }

  function write(cell, column, value) {
    const text = column.write(value);
    const seen = rg.create('span', 'value', text);
    if (column.isNumber && String(value) !== text) cell.title = String(value);
    else if (text.length > column.width - 2) cell.title = text.slice(0, 1000);
    cell.append(seen);
  }

  function medium(column, value, i, root, open) {
    const said = value.caption || rg.say('{column}, row {n}', { column: column.label || column.name, n: rg.count(i + 1) });
    if (value.as === 'img') {
      const button = rg.create('button', 'grid-thumbnail');
      button.type = 'button';
      button.setAttribute('aria-haspopup', 'dialog');
      button.append(image(column, value, root, said));
      if (value.caption) button.title = value.caption;
      button.addEventListener('click', () => open(column, i));
      return button;
    }
    if (value.as === 'audio' || value.as === 'video') return player(value, root, said);
    const words = rg.create('span', 'value', value.caption || value.kind);
    if (!value.src && value.kind !== 'text' && value.kind !== 'json') words.title = rg.say('The file is not in the log.');
    return words;
  }

  function player(value, root, said) {
    const made = rg.create(value.as);
    Object.assign(made, { controls: true, preload: value.as === 'audio' ? 'none' : 'metadata', src: root + value.src });
    made.setAttribute('aria-label', said);
    return made;
  }

  function image(column, value, root, said) {
    const picture = Object.assign(rg.create('img'), { alt: said, loading: 'lazy', decoding: 'async' });
    picture.addEventListener('load', () => picture.classList.toggle('tiny', Math.max(picture.naturalWidth, picture.naturalHeight) <= TINY));
    picture.src = root + value.src;
    if (column.bright) picture.style.filter = `brightness(${column.bright})`;
    return picture;
  }

  /* The large view. It goes on in the order of the rows that are shown. */
  let view;

  /**
   * Opens the medium of a column in a row.
   * @param table {sheet, root, order: rows as they are shown, opened: called with the row, null when it is closed}
   */
  grid.open = function (table, column, row) {
    if (!view) {
      view = rg.dialog('medium-view', rg.say('Medium'));
      view.addEventListener('keydown', (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        view.go(step);
      });
      view.addEventListener('close', () => view.closed());
    }
    let at = table.order.indexOf(row);
    const show = () => {
      const i = at < 0 ? row : table.order[at];
      view.replaceChildren(...parts(table, column, i, at));
      table.opened(column, i);
    };
    view.closed = () => table.opened(null);
    view.go = (step) => {
      let next = at + step;
      while (next >= 0 && next < table.order.length && !column.value(table.order[next])?.src) next += step;
      if (at < 0 || next < 0 || next >= table.order.length) return;
      at = next;
      const label = document.activeElement?.dataset.go;
      show();
      (view.querySelector(`[data-go="${label}"]:not(:disabled)`) || view.querySelector('.dialog-close')).focus();
    };
    show();
    if (!view.open) view.showModal();
  };

  function parts(table, column, i, at) {
    const value = column.value(i);
    const head = rg.create('div', 'medium-head');
    const place = at < 0 ? '' : rg.say('{n} of {all}', { n: rg.count(at + 1), all: rg.count(table.order.length) });
    const close = button('×', rg.say('Close'), () => view.close());
    close.className = 'dialog-close';
    const before = button('‹', rg.say('Previous'), () => view.go(-1));
    const next = button('›', rg.say('Next'), () => view.go(1));
    before.dataset.go = 'before';
    next.dataset.go = 'next';
    before.disabled = at <= 0;
    next.disabled = at < 0 || at >= table.order.length - 1;
    head.append(rg.create('h2', '', (column.label || column.name) + ' · ' + rg.say('row {n}', { n: rg.count(i + 1) })), rg.create('span', 'medium-place', place), before, next, close);
    const figure = rg.create('figure');
    if (value?.src) figure.append(image(column, value, table.root, value.caption || column.name));
    if (value?.caption) figure.append(rg.create('figcaption', '', value.caption));
    return [head, figure, facts(table.sheet, i)];
  }

  function button(text, said, act) {
    const made = rg.create('button', '', text);
    made.type = 'button';
    made.setAttribute('aria-label', said);
    made.addEventListener('click', act);
    return made;
  }

  /** The other values of the row. */
  function facts(sheet, i) {
    const list = rg.create('dl', 'facts');
    for (const column of sheet.columns.filter((one) => !one.isMedia && one.value(i) !== null)) {
      const row = rg.create('div');
      row.append(rg.create('dt', '', column.title || column.name), rg.create('dd', '', column.text(i)));
      list.append(row);
    }
    return list;
  }
})();
