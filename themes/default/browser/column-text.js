/* Values of the runs table as they are written: the same digits as `analysis/column_format.py` gives a column. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const { say } = rg;

  function scientific(size, decimals) {
    const [mantissa, power] = size.toExponential(decimals).split('e');
    return mantissa + 'e' + Number(power);
  }

  function duration(seconds, decimals) {
    if (decimals) return say('{n} s', { n: seconds.toFixed(decimals) });
    if (seconds < 0) return '−' + duration(-seconds, 0);
    if (seconds > 0 && seconds < 0.0995) return say('{n} ms', { n: Math.max(1, Math.round(seconds * 1000)) });
    if (seconds < 9.95) return say('{n} s', { n: seconds.toFixed(seconds > 0 && seconds < 0.995 ? 2 : 1) });
    const whole = Math.round(seconds);
    if (whole < 60) return say('{n} s', { n: whole });
    if (whole < 3600) return say('{minutes} min {seconds} s', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
    const minutes = Math.round(seconds / 60);
    if (minutes < 1440) return say('{hours} h {minutes} min', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
    const hours = Math.round(seconds / 3600);
    return say('{days} d {hours} h', { days: Math.floor(hours / 24), hours: hours % 24 });
  }

  function unsigned(size, notation, decimals, isGrouped) {
    if (notation === 'scientific') return size === 0 ? '0' : scientific(size, decimals);
    if ((size > 0 && size < 1 && Number(size.toFixed(decimals)) === 0) || size >= 1e12) return scientific(size, 1);
    return isGrouped ? size.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }) : size.toFixed(decimals);
  }

  function numberText(value, [style, notation, decimals, isGrouped]) {
    if (typeof value === 'string') return value;
    if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
    if (style === 'duration') return duration(value, decimals);
    return (value < 0 ? '−' : '') + unsigned(Math.abs(value), notation, decimals, isGrouped);
  }

  /* Letters that are not seen, or turn others around, are no part of what a reader can tell apart. */
  const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

  /** A text from a log in one line. */
  rg.plain = (text) => String(text).replace(UNSEEN, '\ufffd');

  /** How a run ended, in the page's language. */
  rg.stateName = (state) => new Map([
    ['finished', say('finished')], ['pruned', say('pruned')], ['failed', say('failed')], ['crashed', say('crashed')],
    ['killed', say('killed')], ['running', say('running')], ['unknown', say('unknown')],
  ]).get(state) || state;

  /** What an attribute of runs is called in the page's language; any other column is called what the log calls it. */
  rg.columnName = (name) => new Map([
    ['id', say('id')], ['name', say('name')], ['project', say('project')], ['group', say('group')], ['sweep', say('sweep')],
    ['job_type', say('job_type')], ['state', say('state')], ['started', say('started')], ['ended', say('ended')],
    ['duration', say('duration')], ['user', say('user')], ['host', say('host')], ['command', say('command')],
    ['git_commit', say('git_commit')], ['git_remote', say('git_remote')], ['tags', say('tags')], ['notes', say('notes')],
    ['source', say('source')], ['format', say('format')], ['path', say('path')],
  ]).get(name) || rg.plain(name);

  /** A value of a column as it is read. */
  rg.columnText = function (column, value) {
    if (value === null || value === undefined) return '';
    if (column.kind === 'number') return numberText(typeof value === 'boolean' ? Number(value) : value, column.format);
    if (column.kind === 'time') return new Date(value).toISOString().slice(0, 16).replace('T', ' ');
    if (column.kind === 'list') return rg.plain(value.join(', '));
    return column.name === 'state' ? rg.stateName(rg.plain(value)) : rg.plain(value);
  };

  /** The value to its last digit. */
  rg.columnExact = function (column, value) {
    if (value === null || value === undefined) return '';
    if (column.kind === 'time') return new Date(value).toISOString();
    return column.kind === 'list' ? rg.plain(value.join(', ')) : rg.plain(value);
  };

  /** The difference to the value of the baseline, with its sign. */
  rg.columnDifference = function (column, change) {
    if (change === 0) return '±0';
    const [style, notation, decimals, isGrouped] = column.format;
    const sign = change > 0 ? '+' : '−';
    if (style === 'duration') return sign + duration(Math.abs(change), decimals);
    const size = Math.abs(change);
    return sign + (notation === 'fixed' && Number(size.toFixed(decimals)) === 0 ? scientific(size, 0) : unsigned(size, notation, decimals, isGrouped));
  };
})();
