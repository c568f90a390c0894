/* The toolbar of the dashboard: one for all charts and the table; what is set in it is the view. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const { labelled, choice, check, smoothing, field, button } = rg.controls;

  /** The toolbar; its `follow` sets the controls to the view. */
  function toolbar(board) {
    const { view, table } = board;
    const bar = rg.create('div', 'dash-toolbar');
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', rg.say('What the charts show'));
    const told = table.data.metrics.some((about) => about.axis !== 'step');
    const x = rg.controls.xChoice(view, table.data.axes, told);
    const key = (name) => [name, rg.columnName(name).replace(/^config\./, '')];
    const group = choice(view, 'group', [['', rg.say('nothing')], ...table.groupKeys().map(key)]);
    const band = choice(view, 'band', [
      ['', rg.say('least to greatest')], ['se', rg.say('± standard error')], ['bootstrap', rg.say('95 % bootstrap')], ['none', rg.say('no band')],
    ]);
    const bandLabel = labelled(rg.say('Band'), band);
    const smooth = smoothing(view);
    const log = rg.controls.logCheck(view);
    const trimmed = rg.controls.outliersCheck(view);
    const drag = check(view, 'drag', 'select', rg.say('drag selects runs'), rg.say('dragging in a chart selects the runs that pass there, instead of zooming'));
    const metrics = field(view, 'metrics', rg.say('Find metrics'), 80);
    const reset = rg.controls.reset(view, () => rg.brushed.set(null));
    bar.append(labelled(rg.say('x axis'), x), smooth, labelled(rg.say('Group by'), group), bandLabel, log, trimmed, drag, metrics, reset, rg.controls.copyLink(view));
    bar.follow = () => {
      for (const one of [x, group, band, smooth, log, trimmed, drag, metrics]) one.follow();
      bandLabel.hidden = !view.get('group');
    };
    return bar;
  }

  rg.dashboard = Object.assign(rg.dashboard || {}, { toolbar, field, button });
})();
