/* What a reader sets above a logged table, and what is said of the table that is shown. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const grid = rg.grid;
  const WAIT = 150;

  /** The controls of a page: {parts: elements in their order, status, where, keys(names, chosen), loaded(sheet, isJoined)}. */
  grid.controls = function (page) {
    const run = select(rg.say('Run'));
    const step = select(rg.say('Step'));
    const other = select(rg.say('Compare with'));
    const key = select(rg.say('Joined on'));
    const group = select(rg.say('Group by'));
    const search = field(rg.say('Search'), 'q', rg.say('Search rows'));
    const where = field(rg.say('Where'), 'where', 'label <> prediction');
    const changed = box(rg.say('changed only'));
    const status = rg.create('span', 'table-status');
    where.input.setAttribute('aria-describedby', page.trouble.id);
    where.label.classList.add('grid-where');
    for (const one of [search, where]) typed(one.input, () => page.arrange());
    const runs = [...new Map(page.sheets.map((one) => [one.run, one])).values()];
    options(run.input, runs.map((one) => [one.run, one.name]), page.chosen.run);
    run.label.hidden = runs.length < 2;
    const steps = () => {
      const several = page.sheets.filter((one) => one.run === page.chosen.run);
      options(step.input, several.map((one) => [String(one.step), rg.count(one.step)]), String(page.chosen.step));
      step.label.hidden = page.sheets.length === runs.length;
      const rest = page.sheets.filter((one) => one !== page.chosen);
      options(other.input, [['', rg.say('nothing')], ...rest.map((one) => [page.sheets.indexOf(one), runs.length < 2 ? rg.say('step {n}', { n: rg.count(one.step) }) : page.label(one)])],
        page.other ? page.sheets.indexOf(page.other) : '');
      other.label.hidden = !rest.length;
    };
    const choose = (chosen) => {
      page.chosen = chosen;
      if (page.other === chosen) page.other = null;
      rg.view.set({ run: chosen.run, step: step.label.hidden ? '' : String(chosen.step), ...(page.other ? {} : { with: '', 'with-step': '' }) });
      steps();
      page.load();
    };
    steps();
    run.input.addEventListener('change', () => choose(page.find(run.input.value, '')));
    step.input.addEventListener('change', () => choose(page.find(page.chosen.run, step.input.value)));
    other.input.addEventListener('change', () => {
      page.other = other.input.value === '' ? null : page.sheets[Number(other.input.value)];
      rg.view.set(page.other ? { run: page.chosen.run, step: String(page.chosen.step), with: page.other.run, 'with-step': String(page.other.step) }
        : { with: '', 'with-step': '', key: '', changed: '' });
      page.load();
    });
    key.input.addEventListener('change', () => {
      rg.view.set({ key: key.input.value || '#' });
      page.load();
    });
    group.input.addEventListener('change', () => {
      rg.view.set({ group: group.input.value });
      page.closed.clear();
      page.arrange();
    });
    changed.input.checked = rg.view.get('changed') === '1';
    changed.input.addEventListener('change', () => {
      rg.view.set({ changed: changed.input.checked ? '1' : '' });
      page.arrange();
    });
    return {
      parts: [run.label, step.label, other.label, key.label, changed.label, search.label, where.label, group.label],
      status,
      where: where.input,
      keys(names, chosen) {
        options(key.input, [...names.map((name) => [name, name]), ['', rg.say('number of the row')]], chosen);
      },
      loaded(sheet, isJoined) {
        key.label.hidden = changed.label.hidden = !isJoined;
        options(group.input, [['', rg.say('nothing')], ...sheet.columns.filter((column) => !column.isMedia).map((column) => [column.name, column.title || column.name])], rg.view.get('group'));
      },
    };
  };

  function labelled(text, input) {
    const label = rg.create('label', 'grid-control');
    label.append(rg.create('span', '', text), input);
    return { label, input };
  }

  const select = (text) => labelled(text, rg.create('select'));

  function field(text, name, placeholder) {
    const made = labelled(text, Object.assign(rg.create('input'), { type: 'search', placeholder, value: rg.view.get(name), spellcheck: false, autocomplete: 'off' }));
    made.input.dataset.view = name;
    return made;
  }

  function box(text) {
    const made = labelled(text, Object.assign(rg.create('input'), { type: 'checkbox' }));
    made.label.classList.add('grid-check');
    return made;
  }

  function options(input, several, chosen) {
    input.replaceChildren(...several.map(([value, text]) => Object.assign(rg.create('option', '', text), { value: String(value), selected: String(value) === String(chosen) })));
  }

  function typed(input, act) {
    let later = 0;
    input.addEventListener('input', () => {
      clearTimeout(later);
      later = setTimeout(() => {
        rg.view.set({ [input.dataset.view]: input.value.trim() });
        act();
      }, WAIT);
    });
  }

  /** What is said above the table: of one table its run and right predictions, of two what changed. */
  grid.said = function (page) {
    const one = link(page, page.chosen);
    if (!page.joined) {
      const parts = [one, ', ' + rg.say('step {n}', { n: rg.count(page.chosen.step) })];
      const [right, all] = page.chosen.right || [0, 0];
      if (all) parts.push(' · ' + rg.say('{right} of {all} rows right ({share})', { right: rg.count(right), all: rg.count(all), share: rg.short((100 * right) / all, 3) + '\u202f%' }));
      return parts;
    }
    const counts = page.joined.counts;
    const said = (message, n) => (n ? [rg.say(message, { n: rg.count(n) })] : []);
    const hasAnswers = Boolean(page.chosen.right && page.other.right);
    const changes = [
      ...(hasAnswers ? [rg.say('{n} from wrong to right', { n: rg.count(counts.fixed) }), rg.say('{n} from right to wrong', { n: rg.count(counts.broken) })] : []),
      ...(hasAnswers ? said('{n} from one wrong answer to another', counts.other) : [rg.say('{n} changed', { n: rg.count(counts.other) })]),
      ...said('{n} only in the first', counts.onlyFirst),
      ...said('{n} only in the second', counts.onlySecond),
    ];
    return [one, ', ' + rg.say('step {n}', { n: rg.count(page.chosen.step) }) + ' → ', link(page, page.other), ', ' + rg.say('step {n}', { n: rg.count(page.other.step) }) + '. ',
      rg.say('Of {n} rows in both:', { n: rg.count(counts.joined) }) + ' ', rg.create('strong', '', changes.join(', ')), '.'];
  };

  function link(page, about) {
    const made = rg.create('a', 'run', about.name);
    const dot = rg.create('i', 'run-dot');
    dot.style.setProperty('--run', about.colour);
    made.href = page.root + about.page;
    made.prepend(dot);
    return made;
  }
})();
