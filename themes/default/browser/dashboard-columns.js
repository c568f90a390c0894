/* The choice of the table's columns: which are shown, in which order. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const AT_ONCE = 200;

  class ColumnChoice {
    constructor(table, view) {
      Object.assign(this, { table, view });
      this.filter = '';
    }

    open() {
      if (!this.dialog) this.make();
      this.show();
      this.dialog.showModal();
    }

    make() {
      this.dialog = rg.dialog('column-choice', rg.say('Columns'));
      const head = rg.create('div', 'key-help-head');
      const close = rg.create('button', 'dialog-close', '×');
      close.type = 'button';
      close.setAttribute('aria-label', rg.say('Close'));
      close.addEventListener('click', () => this.dialog.close());
      head.append(rg.create('h2', '', rg.say('Columns')), close);
      const find = Object.assign(rg.create('input', 'dash-field'), { type: 'search', placeholder: rg.say('Find a column') });
      find.setAttribute('aria-label', find.placeholder);
      find.addEventListener('input', () => {
        this.filter = find.value.trim().toLowerCase();
        this.show();
      });
      this.shownList = rg.create('ul', 'columns-shown');
      this.otherList = rg.create('ul', 'columns-other');
      this.note = rg.create('p', 'section-note');
      const again = rg.create('button', 'dash-button', rg.say('As at first'));
      again.type = 'button';
      again.addEventListener('click', () => {
        this.view.set({ columns: '' });
        this.show();
      });
      this.dialog.append(head, find, rg.create('h3', '', rg.say('Shown')), this.shownList, again, rg.create('h3', '', rg.say('Others')), this.otherList, this.note);
      this.dialog.addEventListener('click', (event) => this.click(event));
    }

    show() {
      const shown = this.table.shownColumns();
      const fits = (name) => name.toLowerCase().includes(this.filter) || rg.columnName(name).toLowerCase().includes(this.filter);
      const others = this.table.data.columns.filter((one) => one.different && one.name !== 'name').map((one) => one.name).filter((name) => !shown.includes(name) && fits(name));
      this.shownList.replaceChildren(...shown.filter(fits).map((name) => this.shownRow(name, shown)));
      this.otherList.replaceChildren(...others.slice(0, AT_ONCE).map((name) => {
        const row = rg.create('li');
        row.append(this.button(name, 'add', '+ ' + rg.columnName(name), rg.say('Show {column}', { column: rg.columnName(name) })));
        return row;
      }));
      this.note.textContent = others.length > AT_ONCE ? rg.say('{n} more: type a part of the name.', { n: rg.count(others.length - AT_ONCE) }) : '';
    }

    shownRow(name, shown) {
      const row = rg.create('li');
      const said = { column: rg.columnName(name) };
      const up = this.button(name, 'up', '↑', rg.say('{column} further left', said));
      const down = this.button(name, 'down', '↓', rg.say('{column} further right', said));
      up.disabled = shown[0] === name;
      down.disabled = shown[shown.length - 1] === name;
      row.append(rg.create('span', '', rg.columnName(name)), up, down, this.button(name, 'remove', '×', rg.say('Hide {column}', said)));
      return row;
    }

    button(name, act, text, label) {
      const button = rg.create('button', '', text);
      button.type = 'button';
      Object.assign(button.dataset, { column: name, act });
      button.setAttribute('aria-label', label);
      return button;
    }

    click(event) {
      const button = event.target.closest('[data-column]');
      if (!button) return;
      const { column, act } = button.dataset;
      const shown = this.table.shownColumns();
      const at = shown.indexOf(column);
      if (act === 'add') shown.push(column);
      else shown.splice(at, 1);
      if (act === 'up' || act === 'down') shown.splice(at + (act === 'up' ? -1 : 1), 0, column);
      if (!shown.length) return;
      this.view.setList('columns', shown);
      this.show();
      const again = [...this.dialog.querySelectorAll('[data-column]')].find((one) => one.dataset.column === column && (one.dataset.act === act || one.dataset.act === 'up'));
      (again && !again.disabled ? again : this.dialog.querySelector('[type=search]')).focus();
    }
  }

  rg.dashboard = Object.assign(rg.dashboard || {}, { ColumnChoice });
})();
