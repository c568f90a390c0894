/* The controls of a toolbar over charts; each sets something of the view, and its `follow` sets it to the view. */
(function () {
  'use strict';

  const rg = window.reportgen;
  let made = 0;

  function labelled(text, field, name) {
    const label = rg.create('label', 'dash-control' + (name ? ' ' + name : ''));
    label.append(rg.create('span', '', text), field);
    return label;
  }

  function choice(view, name, options) {
    const select = rg.create('select');
    for (const [value, text] of options) select.append(Object.assign(rg.create('option', '', text), { value }));
    select.addEventListener('change', () => view.set({ [name]: select.value }));
    select.follow = () => { select.value = view.get(name); if (select.selectedIndex < 0) select.selectedIndex = 0; };
    return select;
  }

  function check(view, name, value, text, title) {
    const box = Object.assign(rg.create('input'), { type: 'checkbox' });
    box.addEventListener('change', () => view.set({ [name]: box.checked ? value : '' }));
    const label = rg.create('label', 'dash-check');
    label.title = title;
    label.append(box, ' ' + text);
    label.follow = () => { box.checked = view.get(name) === value; };
    return label;
  }

  function smoothing(view) {
    const slider = Object.assign(rg.create('input'), { type: 'range', min: 0, max: 0.99, step: 0.01 });
    const shown = rg.create('output', '', '0');
    made += 1;
    slider.id = 'dash-smooth-' + made;
    shown.htmlFor = slider.id;
    slider.addEventListener('input', () => {
      shown.textContent = slider.value;
      view.set({ smooth: Number(slider.value) ? slider.value : '' });
    });
    const label = labelled(rg.say('Smoothing'), slider, 'is-smooth');
    label.append(shown);
    label.follow = () => {
      slider.value = view.get('smooth') || 0;
      shown.textContent = slider.value;
    };
    return label;
  }

  function field(view, name, placeholder, wait) {
    const box = Object.assign(rg.create('input', 'dash-field'), { type: 'search', placeholder, spellcheck: false, autocomplete: 'off' });
    let later = 0;
    box.setAttribute('aria-label', placeholder);
    const take = () => {
      clearTimeout(later);
      later = 0;
      view.set({ [name]: box.value });
    };
    box.addEventListener('input', () => {
      clearTimeout(later);
      later = setTimeout(take, wait);
    });
    box.addEventListener('blur', () => { if (later) take(); });
    // What is being typed is not in the view yet, and is not to be lost when something else of it changes.
    box.follow = () => { if (!later && (document.activeElement !== box || !view.get(name))) box.value = view.get(name); };
    return box;
  }

  function button(text, title, act) {
    const one = rg.create('button', 'dash-button', text);
    one.type = 'button';
    one.title = title;
    one.addEventListener('click', act);
    return one;
  }

  /** The choice of the x axis: `told` says whether a metric has an axis of its own. */
  function xChoice(view, names, told) {
    const axes = names.map((axis) => [axis === 'step' && !told ? '' : axis, rg.dashboard.titleOf(axis)]);
    return choice(view, 'x', told ? [['', rg.say('as logged')], ...axes] : axes);
  }

  const logCheck = (view) => check(view, 'log', 'y', rg.say('log y'), rg.say('the y axes are logarithmic'));
  const outliersCheck = (view) => check(view, 'outliers', 'hide', rg.say('without outliers'), rg.say('the y axes show the central 96 % of the values'));

  function reset(view, also = () => undefined) {
    return button('⟳ ' + rg.say('Reset'), rg.say('everything as at first'), () => {
      also();
      view.reset();
    });
  }

  function copyLink(view) {
    const one = button(rg.say('Copy link'), rg.say('copies the address of this view'), async () => {
      view.keep();
      try {
        await navigator.clipboard.writeText(location.href);
        one.textContent = rg.say('Copied');
      } catch {
        one.textContent = rg.say('It is in the address bar');
      }
      setTimeout(() => { one.textContent = rg.say('Copy link'); }, 1600);
    });
    return one;
  }

  rg.controls = { labelled, choice, check, smoothing, field, button, xChoice, logCheck, outliersCheck, reset, copyLink };
})();
