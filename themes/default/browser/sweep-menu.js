/* The head of an axis of parallel coordinates: its name is a button; below it the axis is flipped, its scale changed, a range chosen. */
(function () {
  'use strict';

  const rg = window.reportgen;

  function button(text, act) {
    const made = rg.create('button', '', text);
    made.type = 'button';
    made.addEventListener('click', act);
    return made;
  }

  function toggle(text, isOn, act) {
    const made = button(text, act);
    made.setAttribute('aria-pressed', String(isOn));
    return made;
  }

  /** Two fields for the ends of a range. */
  function range(axis, changed) {
    const fields = [rg.say('from'), rg.say('to')].map((words) => {
      const label = rg.create('label', 'axis-end', words);
      const field = rg.create('input');
      field.type = 'text';
      field.inputMode = 'decimal';
      label.append(field);
      return [label, field];
    });
    if (axis.brush) [fields[0][1].value, fields[1][1].value] = [axis.brush.low, axis.brush.high];
    const read = (field, otherwise) => (field.value.trim() === '' || !Number.isFinite(Number(field.value)) ? otherwise : Number(field.value));
    for (const [, field] of fields) {
      field.addEventListener('change', () => {
        const [low, high] = [read(fields[0][1], axis.low), read(fields[1][1], axis.high)];
        axis.brush = low <= axis.low && high >= axis.high ? null : { low: Math.min(low, high), high: Math.max(low, high) };
        changed();
      });
    }
    return fields.map(([label]) => label);
  }

  /** A box to tick for each choice. */
  function boxes(axis, changed) {
    return axis.choices.map((choice, i) => {
      const label = rg.create('label', 'axis-choice');
      const box = rg.create('input');
      box.type = 'checkbox';
      box.checked = !axis.brush || axis.brush.choices.includes(i);
      box.addEventListener('change', () => {
        const all = axis.choices.map((_, k) => k);
        const now = new Set(axis.brush ? axis.brush.choices : all);
        if (box.checked) now.add(i);
        else now.delete(i);
        axis.brush = now.size === all.length ? null : { choices: all.filter((k) => now.has(k)) };
        changed();
      });
      label.append(box, choice);
      return label;
    });
  }

  /** The head: calls `changed` when the reader changed the axis. */
  rg.sweepHead = function (axis, changed) {
    const head = rg.create('div', 'axis-head');
    const name = button(axis.title, () => (box.hidden ? open() : close()));
    const box = rg.create('div', 'axis-menu');
    name.className = 'axis-name';
    name.title = axis.title;
    name.setAttribute('aria-expanded', 'false');
    box.hidden = true;

    function open() {
      const again = () => {
        changed();
        mark();
      };
      const parts = [toggle(rg.say('flip'), axis.isFlipped, (event) => {
        axis.isFlipped = !axis.isFlipped;
        event.currentTarget.setAttribute('aria-pressed', String(axis.isFlipped));
        again();
      })];
      if (axis.canLog) {
        parts.push(toggle(rg.say('log scale'), axis.isLog, (event) => {
          axis.isLog = !axis.isLog;
          event.currentTarget.setAttribute('aria-pressed', String(axis.isLog));
          again();
        }));
      }
      parts.push(...(axis.choices ? boxes(axis, again) : range(axis, again)));
      parts.push(button(rg.say('all of it'), () => {
        axis.brush = null;
        again();
        close();
        name.focus();
      }));
      box.replaceChildren(...parts);
      box.hidden = false;
      name.setAttribute('aria-expanded', 'true');
    }

    function close() {
      box.hidden = true;
      name.setAttribute('aria-expanded', 'false');
    }

    function mark() {
      const words = (axis.isFlipped ? '⇅ ' : '') + axis.title;
      if (name.textContent !== words) name.textContent = words;
      name.classList.toggle('is-brushed', Boolean(axis.brush));
    }

    head.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || box.hidden) return;
      event.stopPropagation();
      close();
      name.focus();
    });
    document.addEventListener('pointerdown', (event) => {
      if (!head.contains(event.target)) close();
    });
    head.append(name, box);
    mark();
    return { head, mark };
  };
})();
