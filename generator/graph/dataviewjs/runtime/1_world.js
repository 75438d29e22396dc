// The world a script sees: no clock, no chance, no way out. `now` is set before it runs.
// Everything of ours lives in `nt`; a script that changes it spoils its own output only.

var nt = {
  now: 0, // milliseconds since 1970
  NativeDate: Date,
  timers: [],
};

(() => {
  const NativeDate = Date;
  const frozen = function Date(...parts) {
    if (!new.target) return new NativeDate(nt.now).toString();
    return parts.length === 0 ? new NativeDate(nt.now) : new NativeDate(...parts);
  };
  frozen.prototype = NativeDate.prototype;
  frozen.now = () => nt.now;
  frozen.UTC = NativeDate.UTC;
  frozen.parse = NativeDate.parse;
  NativeDate.prototype.constructor = frozen;
  globalThis.Date = frozen;

  // A fixed sequence: the same vault gives the same bytes.
  let seed = 1;
  Math.random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x80000000;
  };

  for (const name of ["Atomics", "SharedArrayBuffer", "WeakRef", "FinalizationRegistry", "performance"])
    delete globalThis[name];

  const silent = () => {};
  globalThis.console = { log: silent, info: silent, warn: silent, error: silent, debug: silent, table: silent };
  // Timers run once, in order, after the script; intervals never.
  globalThis.setTimeout = (run, _delay, ...values) => nt.timers.push(() => run(...values));
  globalThis.requestAnimationFrame = globalThis.queueMicrotask = run => nt.timers.push(() => run(0));
  globalThis.setInterval = globalThis.clearTimeout = globalThis.clearInterval = () => 0;
  globalThis.window = globalThis.self = globalThis;
  globalThis.structuredClone = value => nt.deepCopy(value);
})();
