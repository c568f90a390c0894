/* What DuckDB answers: an Arrow file whose columns are texts, whole numbers of 64 bits, or floating-point numbers of 64 bits (sql-engine.js asks for
   no other). Read as Arrow’s columnar format and FlatBuffers lay them out. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const sql = (rg.sql = rg.sql || {});
  const MAGIC = 8;
  const BATCH = 3;
  const texts = new TextDecoder();

  /** A table of FlatBuffers: `at(field)` is where a field lies, 0 where it is left out. */
  function table(view, position) {
    const fields = position - view.getInt32(position, true);
    const size = view.getUint16(fields, true);
    return {
      at: (field) => (4 + 2 * field < size && view.getUint16(fields + 4 + 2 * field, true) ? position + view.getUint16(fields + 4 + 2 * field, true) : 0),
    };
  }

  const behind = (view, at) => at + view.getUint32(at, true);
  const whole = (view, at) => Number(view.getBigInt64(at, true));

  /** The batches of rows: {rows, nulls: how many each column has, buffers: where they lie}. */
  function* batches(view) {
    let at = MAGIC;
    while (at + 8 <= view.byteLength) {
      if (view.getUint32(at, true) === 0xffffffff) at += 4;
      const length = view.getUint32(at, true);
      if (!length) return;
      const start = at + 4;
      const message = table(view, behind(view, start));
      const body = start + length;
      if (message.at(1) && view.getUint8(message.at(1)) === BATCH) yield batch(view, table(view, behind(view, message.at(2))), body);
      at = body + (message.at(3) ? whole(view, message.at(3)) : 0);
    }
  }

  function batch(view, header, body) {
    const nodes = behind(view, header.at(1));
    const places = behind(view, header.at(2));
    const many = (vector) => Array.from({ length: view.getUint32(vector, true) }, (_, i) => vector + 4 + 16 * i);
    return {
      rows: header.at(0) ? whole(view, header.at(0)) : 0,
      nulls: many(nodes).map((one) => whole(view, one + 8)),
      buffers: many(places).map((one) => body + whole(view, one)),
    };
  }

  const READERS = {
    number: (view, [values]) => (i) => view.getFloat64(values + 8 * i, true),
    whole: (view, [values]) => (i) => view.getBigInt64(values + 8 * i, true),
    text: (view, [offsets, values]) => (i) => {
      const from = values + view.getInt32(offsets + 4 * i, true);
      return texts.decode(new Uint8Array(view.buffer, view.byteOffset + from, values + view.getInt32(offsets + 4 * (i + 1), true) - from));
    },
  };
  const BUFFERS = { number: 2, whole: 2, text: 3 };

  /**
   * The columns of an answer.
   * @param bytes The Arrow file.
   * @param kinds What each column holds: 'number', 'whole' (read as BigInt) or 'text'.
   * @returns A list of values per column; what is missing is null.
   */
  sql.columns = function (bytes, kinds) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const columns = kinds.map(() => []);
    for (const one of batches(view)) {
      let first = 0;
      kinds.forEach((kind, k) => {
        const [present, ...rest] = one.buffers.slice(first, first + BUFFERS[kind]);
        first += BUFFERS[kind];
        const value = READERS[kind](view, rest);
        const isThere = (i) => !one.nulls[k] || (view.getUint8(present + (i >> 3)) >> (i & 7)) & 1;
        for (let i = 0; i < one.rows; i++) columns[k].push(isThere(i) ? value(i) : null);
      });
    }
    return columns;
  };
})();
