/* DuckDB in a worker of the page. It is made of scripts of the site, which a page may load from a disk, too: the worker begins as a Blob, and is
   given what it would fetch. It reaches no network, no file and no extension, and has a table once a query names it. */
(function () {
  'use strict';

  const rg = window.reportgen;
  const sql = (rg.sql = rg.sql || {});
  const WHOLE = /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER)$/;
  const NUMBER = /^(FLOAT|DOUBLE|DECIMAL\(.*)$/;
  const NO_SELECT = 'Cannot prepare other statements';
  const LOCKED = ['enable_external_access', 'autoload_known_extensions', 'autoinstall_known_extensions'];

  /* Runs in the worker before DuckDB: the one address that it fetches is what the page sends it, unpacked on the way; it
     says on the console what the page says in words; and a failure to start is told and not only thrown. */
  function prelude() {
    let packed;
    const unpacked = (blob) => new Response(blob.stream().pipeThrough(new DecompressionStream('gzip')), { headers: { 'content-type': 'application/wasm' } });
    self.fetch = async () => unpacked(packed);
    self.console.log = () => {};
    self.addEventListener('message', (event) => {
      if (!event.data.packed) return;
      packed = event.data.packed;
      event.stopImmediatePropagation();
    });
    self.addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      self.postMessage({ type: 'FAILED', data: String(event.reason?.message || event.reason) });
    });
  }

  /** What a script holds as Base64: a Blob, compressed as it is. The text is let go. */
  async function packedOf(root, path) {
    const text = await rg.valueOf(root, path);
    rg.value(path, '');
    if (Uint8Array.fromBase64) return new Blob([Uint8Array.fromBase64(text)]);
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    return new Blob([bytes]);
  }

  const unpacked = (blob) => new Response(blob.stream().pipeThrough(new DecompressionStream('gzip')));

  sql.Engine = class {
    /** @param about {wasm, worker: scripts of DuckDB; tables: name → {script, columns}}, of the page's index. */
    constructor(root, about) {
      Object.assign(this, { root, about, number: 0, waiting: new Map(), loaded: new Map(), kept: new Map() });
    }

    packed(path) {
      if (!this.kept.has(path)) this.kept.set(path, packedOf(this.root, path));
      return this.kept.get(path);
    }

    /** Starts DuckDB once; again after `stop`. */
    start() {
      this.started = this.started || this.begin();
      return this.started;
    }

    async begin() {
      const [wasm, code] = await Promise.all([this.packed(this.about.wasm), this.packed(this.about.worker)]);
      const source = new Blob([`(${prelude})();\n`, await unpacked(code).text()], { type: 'text/javascript' });
      const address = URL.createObjectURL(source);
      this.worker = new Worker(address);
      this.worker.onmessage = (event) => this.hear(event.data);
      this.worker.onerror = (event) => this.fail(new Error(event.message || rg.say('its worker did not start')));
      this.worker.postMessage({ packed: wasm });
      await this.call('INSTANTIATE', ['blob:duckdb', null]);
      URL.revokeObjectURL(address);
      await this.call('OPEN', { path: ':memory:' });
      this.connection = await this.call('CONNECT', null);
      for (const name of LOCKED) await this.call('RUN_QUERY', [this.connection, `set ${name} = false`]);
      await this.call('RUN_QUERY', [this.connection, 'set lock_configuration = true']);
    }

    /** Ends what runs; the next query starts DuckDB anew. */
    stop() {
      this.worker?.terminate();
      this.fail(new sql.Stopped());
      this.started = null;
      this.loaded.clear();
    }

    fail(error) {
      for (const [, reject] of this.waiting.values()) reject(error);
      this.waiting.clear();
    }

    hear(message) {
      if (message.type === 'FAILED') this.fail(new Error(message.data));
      const asked = this.waiting.get(message.requestId);
      if (!asked || message.type === 'LOG' || message.type === 'INSTANTIATE_PROGRESS' || message.type === 'PROGRESS_UPDATE') return;
      this.waiting.delete(message.requestId);
      if (message.type === 'ERROR') asked[1](new sql.Complaint(message.data.message));
      else asked[0](message.data);
    }

    call(type, data, moved = []) {
      this.number += 1;
      const messageId = this.number;
      return new Promise((resolve, reject) => {
        this.waiting.set(messageId, [resolve, reject]);
        this.worker.postMessage({ messageId, type, data }, moved);
      });
    }

    /** Hands the tables over that a text names, each once. */
    async load(text) {
      const low = text.toLowerCase();
      for (const [name, { script }] of Object.entries(this.about.tables)) {
        if (![name, name.replace(/"/g, '""')].some((one) => low.includes(one.toLowerCase()))) continue;
        if (!this.loaded.has(name)) this.loaded.set(name, this.insert(name, script));
        await this.loaded.get(name);
      }
    }

    async insert(name, script) {
      const stream = new Uint8Array(await unpacked(await this.packed(script)).arrayBuffer());
      await this.call('INSERT_ARROW_FROM_IPC_STREAM', [this.connection, stream, { name, schema: 'main', create: true }], [stream.buffer]);
    }

    /** In brackets, some texts are wrong for another reason than alone: what is wrong with the text itself. It is not run. */
    async closer(error, text) {
      if (!(error instanceof sql.Complaint) || !error.message.startsWith('Parser Error')) return error;
      try {
        await this.call('CLOSE_PREPARED', [this.connection, await this.call('CREATE_PREPARED', [this.connection, text])]);
      } catch (own) {
        return own instanceof sql.Complaint && own.message.startsWith('Binder Error') ? error : Object.assign(own, { isAlone: true });
      }
      return new sql.Complaint(NO_SELECT);
    }

    /**
     * The answer to one SELECT.
     * @returns {columns: [{name, type, kind, values}], rows, hasMore, seconds}; kinds are 'number', 'text' and 'bool'.
     */
    async ask(text, most) {
      await this.start();
      await this.load(text);
      const inner = `(\n${text.replace(/[;\s]+$/, '')}\n)`;
      const begun = performance.now();
      const about = `select column_name, column_type from (describe select * from ${inner})`;
      const told = await this.call('RUN_QUERY', [this.connection, about]).catch(async (error) => { throw await this.closer(error, text); });
      const [names, types] = sql.columns(told, ['text', 'text']);
      const kinds = types.map((type) => (NUMBER.test(type) ? 'number' : WHOLE.test(type) ? 'whole' : 'text'));
      const wanted = { number: 'double', whole: 'bigint', text: 'varchar' };
      const parts = kinds.map((kind, i) => `c${i}::${wanted[kind]}`);
      const listed = `select ${parts.join(', ')} from ${inner} answer(${kinds.map((_, i) => 'c' + i).join(', ')}) limit ${most + 1}`;
      const values = sql.columns(await this.call('RUN_QUERY', [this.connection, listed]), kinds);
      const seconds = (performance.now() - begun) / 1000;
      const rows = values[0].length;
      const columns = names.map((name, i) => ({ name, type: types[i], ...read(types[i], values[i].slice(0, most)) }));
      return { columns, rows: Math.min(rows, most), hasMore: rows > most, seconds };
    }
  };

  /** Values as the page has them. Whole numbers that a number of JavaScript cannot hold to the last digit stay texts. */
  function read(type, values) {
    if (type === 'BOOLEAN') return { kind: 'bool', values };
    if (!WHOLE.test(type) && !/^(UBIGINT|HUGEINT|UHUGEINT)$/.test(type)) return { kind: NUMBER.test(type) ? 'number' : 'text', values };
    const isSafe = values.every((value) => value === null || Number.isSafeInteger(Number(value)));
    return isSafe ? { kind: 'number', values: values.map((value) => (value === null ? null : Number(value))) } : { kind: 'text', values: values.map((value) => (value === null ? null : String(value))) };
  }

  /** What DuckDB says is wrong with a query; `isAlone`: of the text itself, which else stands in brackets, a line below. */
  sql.Complaint = class extends Error {};

  /** The reader ended a query. */
  sql.Stopped = class extends Error {};
})();
