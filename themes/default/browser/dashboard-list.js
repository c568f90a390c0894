/* The list of runs beside the charts: a row for each, below the heads of their groups; the eye hides one, its name isolates it. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const HEIGHT = 30;

  /** What a row stands for: [{run} or {group}]. */
  function entries(table) {
    if (!table.groups) return table.listed.map((run) => ({ run }));
    return table.groups.flatMap((group) => [{ group }, ...group.all.map((run) => ({ run }))]);
  }

  /** The buttons of a run that list and table share. */
  class RunActs {
    constructor(table, view) {
      Object.assign(this, { table, view });
    }

    hide(id) {
      const { view, table } = this;
      const only = view.list('only');
      if (only.length) {
        const rest = only.includes(id) ? only.filter((one) => one !== id) : [...only, id];
        view.setList('only', rest.length === table.count ? [] : rest);
        return;
      }
      const hidden = view.list('hide');
      view.setList('hide', hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id]);
    }

    /** Shows this run alone; a second time, all again. With `isMore` the run joins those that are shown alone. */
    isolate(ids, isMore) {
      const { view } = this;
      const only = view.list('only');
      const isSame = only.length === ids.length && ids.every((id) => only.includes(id));
      if (isMore && only.length) view.setList('only', [...new Set([...only, ...ids])]);
      else view.setList('only', isSame ? [] : ids);
    }

    eye(i) {
      const { id, name } = this.table.data.runs;
      const isShown = this.table.isShown(i);
      const button = rg.create('button', 'run-eye');
      button.type = 'button';
      button.dataset.act = 'hide';
      const dot = rg.create('i', 'run-dot' + (isShown ? '' : ' is-off'));
      dot.style.setProperty('--run', (isShown && this.table.colours.get(i)) || 'var(--muted)');
      button.append(dot);
      button.setAttribute('aria-pressed', String(isShown));
      button.setAttribute('aria-label', rg.say('Show {run}', { run: rg.plain(name[i] || id[i]) }));
      button.title = isShown ? rg.say('hide') : rg.say('show');
      return button;
    }

    /** What a click on a row of list or table does; true when it was one of these. */
    click(event) {
      const row = event.target.closest('[data-run]');
      const button = event.target.closest('[data-act]');
      if (!row || !button) return false;
      const id = row.dataset.run;
      if (button.dataset.act === 'hide') this.hide(id);
      else if (button.dataset.act === 'only') this.isolate([id], event.shiftKey);
      else if (button.dataset.act === 'pin') this.view.set({ baseline: this.view.get('baseline') === id ? '' : id });
      return true;
    }
  }

  /** Marks the row of the hovered run, and tells which one the pointer or the focus is on. */
  function follows(body) {
    const mark = () => {
      for (const row of body.querySelectorAll('.is-hovered')) row.classList.remove('is-hovered');
      const id = rg.hovered.get();
      if (id) body.querySelector('[data-run="' + CSS.escape(id) + '"]')?.classList.add('is-hovered');
    };
    const over = (event) => rg.hovered.set(event.target.closest('[data-run]')?.dataset.run || '');
    body.addEventListener('pointerover', over);
    body.addEventListener('focusin', over);
    body.addEventListener('pointerleave', () => rg.hovered.set(''));
    body.addEventListener('focusout', () => rg.hovered.set(''));
    rg.hovered.on(mark);
    return mark;
  }

  class RunList {
    constructor(table, view, acts) {
      Object.assign(this, { table, view, acts });
      this.box = rg.create('div', 'runs-list');
      this.box.tabIndex = 0;
      this.box.setAttribute('role', 'region');
      this.box.setAttribute('aria-label', rg.say('Runs'));
      this.body = rg.create('ul');
      this.body.setAttribute('role', 'list');
      this.box.append(this.body);
      this.rows = new rg.Rows(this.box, this.body, 'li', HEIGHT, (i) => this.row(this.entries[i]));
      this.mark = follows(this.body);
      this.body.addEventListener('click', (event) => {
        if (this.acts.click(event)) return;
        const group = event.target.closest('[data-group]');
        if (group) this.isolateGroup(Number(group.dataset.group), event.shiftKey);
      });
    }

    show() {
      this.entries = entries(this.table);
      const [name] = this.table.order();
      this.column = name && this.table.isThere(name) ? this.table.columns.get(name) : null;
      this.only = new Set(this.view.list('only'));
      this.rows.show(this.entries.length);
      this.mark();
    }

    row(entry) {
      return entry.group ? this.groupRow(entry.group) : this.runRow(entry.run);
    }

    groupRow(group) {
      const row = rg.create('li', 'runs-group');
      row.dataset.group = this.table.groups.indexOf(group);
      const button = rg.create('button', 'run-name', group.label);
      button.type = 'button';
      button.title = rg.say('show this group alone');
      const dot = rg.create('i', 'run-dot');
      dot.style.setProperty('--run', group.colour || 'var(--muted)');
      button.prepend(dot);
      row.append(button, rg.create('span', 'run-value', rg.say('{n} runs', { n: rg.count(group.all.length) })));
      return row;
    }

    isolateGroup(at, isMore) {
      this.acts.isolate(this.table.groups[at].all.map((i) => this.table.data.runs.id[i]), isMore);
    }

    runRow(i) {
      const { id, name, page } = this.table.data.runs;
      const row = rg.create('li', this.table.isShown(i) ? '' : 'is-hidden');
      row.dataset.run = id[i];
      const button = rg.create('button', 'run-name', rg.plain(name[i] || id[i]));
      button.type = 'button';
      button.dataset.act = 'only';
      button.title = rg.plain(name[i]) + '\n' + rg.say('click: show this run alone; with Shift: this one, too');
      button.setAttribute('aria-pressed', String(this.only.has(id[i])));
      const link = rg.create('a', 'run-open', '→');
      link.href = this.table.root + 'runs/' + encodeURIComponent(page[i]) + '.html';
      link.setAttribute('aria-label', rg.say('Page of {run}', { run: rg.plain(name[i] || id[i]) }));
      row.append(this.acts.eye(i), button);
      if (this.column) row.append(rg.create('span', 'run-value', rg.columnText(this.column, this.table.value(this.column.name, i))));
      row.append(link);
      if (id[i] === rg.hovered.get()) row.classList.add('is-hovered');
      return row;
    }
  }

  rg.dashboard = Object.assign(rg.dashboard || {}, { RunActs, RunList, entries, follows });
})();
