/* An axis of parallel coordinates: where a value stands on it, its ticks, and what is brushed of it. */
(function () {
  'use strict';

  const rg = window.reportgen;

  const UNSET = -0.1;

  class SweepAxis {
    constructor(data) {
      Object.assign(this, data);
      this.isLog = Boolean(data.log);
      this.isFlipped = false;
      this.brush = null;
      const numbers = this.values.filter((value) => value !== null);
      this.low = Math.min(...numbers);
      this.high = Math.max(...numbers);
      this.isPartial = numbers.length < this.values.length;
      this.canLog = !this.choices && numbers.length > 0 && this.low > 0;
    }

    /** The place of a value, 0 at the bottom and 1 at the top; what is not set stands below all. */
    place(value) {
      if (value === null || value === undefined) return UNSET;
      let at;
      if (this.choices) at = (value + 0.5) / this.choices.length;
      else if (this.high === this.low) at = 0.5;
      else if (this.isLog) at = Math.log(value / this.low) / Math.log(this.high / this.low);
      else at = (value - this.low) / (this.high - this.low);
      return this.isFlipped ? 1 - at : at;
    }

    /** The number at a place; for choices the exact place among them. */
    valueAt(place) {
      const at = this.isFlipped ? 1 - place : place;
      if (this.choices) return at * this.choices.length - 0.5;
      if (this.isLog) return this.low * (this.high / this.low) ** at;
      return this.low + at * (this.high - this.low);
    }

    /** [place, text] of each tick. */
    ticks() {
      const unset = this.isPartial ? [[UNSET, rg.say('not set')]] : [];
      if (this.choices) return [...unset, ...this.choices.map((choice, i) => [this.place(i), choice])];
      if (!Number.isFinite(this.low)) return unset;
      return [...unset, ...this.numbers().map((value) => [this.place(value), rg.short(value)])];
    }

    numbers() {
      if (!this.isLog || this.high === this.low) return rg.ticks(this.low, this.high, 5);
      const [first, last] = [Math.ceil(Math.log10(this.low) - 1e-9), Math.floor(Math.log10(this.high) + 1e-9)];
      if (last - first < 1) return [this.low, this.high];
      const step = Math.ceil((last - first + 1) / 6);
      const powers = [];
      for (let power = first; power <= last; power += step) powers.push(Number('1e' + power));
      return powers;
    }

    /** What a trial has here, as it is written. */
    text(i) {
      const value = this.values[i];
      if (value === null) return '';
      return this.choices ? this.choices[value] : this.texts[i];
    }

    /** Whether a trial is inside of what is brushed; one without a value never is. */
    passes(i) {
      if (!this.brush) return true;
      const value = this.values[i];
      if (value === null) return false;
      return Array.isArray(this.brush.choices) ? this.brush.choices.includes(value) : value >= this.brush.low && value <= this.brush.high;
    }

    /** Brushes what lies between two places. */
    brushPlaces(one, other) {
      const [low, high] = [this.valueAt(one), this.valueAt(other)].sort((a, b) => a - b);
      if (!this.choices) this.brush = { low: Number(low.toPrecision(4)), high: Number(high.toPrecision(4)) };
      else this.brush = { choices: this.choices.map((_, i) => i).filter((i) => i >= low && i <= high) };
    }

    /** The brush as places, [[from, to], …] from the bottom. */
    brushed() {
      if (!this.brush) return [];
      if (this.brush.choices) {
        const half = 0.4 / this.choices.length;
        return this.brush.choices.map((i) => [this.place(i) - half, this.place(i) + half]);
      }
      const ends = [this.place(Math.max(this.brush.low, this.low)), this.place(Math.min(this.brush.high, this.high))];
      return [ends.sort((a, b) => a - b)];
    }

    /** The brush as it stands in the address, and back. */
    get written() {
      if (!this.brush) return '';
      return this.brush.choices ? JSON.stringify(this.brush.choices.map((i) => this.choices[i])) : this.brush.low + '..' + this.brush.high;
    }

    read(text) {
      this.brush = null;
      if (!text) return;
      if (this.choices) {
        try {
          const named = JSON.parse(text);
          const places = this.choices.map((_, i) => i).filter((i) => named.includes(this.choices[i]));
          if (places.length) this.brush = { choices: places };
        } catch {
          /* An address that somebody changed by hand: nothing is brushed. */
        }
        return;
      }
      const [low, high] = text.split('..').map(Number);
      if (Number.isFinite(low) && Number.isFinite(high)) this.brush = { low, high };
    }
  }

  rg.SweepAxis = SweepAxis;
})();
