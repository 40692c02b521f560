/**
 * Calls recorded functions again in a bare process: no test runner, nothing of ours is loaded before. The job comes on standard input and the
 * outcomes go to descriptor 3, each behind a word that the code under test does not know. It uses its own copies of what it needs.
 */
"use strict";
const { readFileSync, writeSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { runInThisContext } = require("node:vm");
const { createHash } = require("node:crypto");
const { apply } = Reflect;
const { stringify } = JSON;
const exit = process.reallyExit.bind(process);
const elapsedMs = (
  (started, now) => () =>
    Number(now() - started) / 1e6
)(process.hrtime.bigint(), process.hrtime.bigint);
const afterwards = setTimeout;
const callPatienceMs = 1000;
const dayMs = 24 * 60 * 60 * 1000;

const job = JSON.parse(readFileSync(0, "utf8"));
const values = runInThisContext(job.values);
values.shared.roots = [job.root, job.tested];
runInThisContext(job.loadScripts)(job.root, {
  module: require("node:module"),
  fs: require("node:fs"),
  path: require("node:path"),
  url: require("node:url"),
});
const { word, toldMax } = job;
const leavesIn = (outcome) => (outcome.includes("\u001e and left ") ? "\u001e and left …" : "");
const hash = (text) => createHash("sha256").update(text).digest("hex");
const tell = (call, count, outcome) => {
  const text = outcome.length > toldMax ? `${outcome.slice(0, 300)}… ${hash(outcome)}${leavesIn(outcome)}` : outcome;
  writeSync(3, `${word} ${call.id} ${count} ${stringify(text)}\n`);
};

const passTime = job.shiftMs === 0 ? () => undefined : shiftClock(job.shiftMs);
void run();

async function run() {
  let modules = new Map();
  let group;
  const outcomeAt = async (index) => {
    const call = job.calls[index];
    const isFirst = call.group !== group;
    if (isFirst) {
      group = call.group;
      modules = new Map();
      for (const name of Object.keys(require.cache)) if (name.startsWith(`${job.root}/`)) delete require.cache[name];
    }
    const classPaths = [...call.input.matchAll(/\["I","([^"]*)","/gu)].map(([, path]) => path);
    // The function's own file first, as in the tests: where files import each other, the order matters.
    const declaring = [...(isFirst ? job.classFiles : []), ...classPaths];
    const fresh = new Set([call.path, ...declaring].filter((path) => !modules.has(path)));
    for (const path of fresh) {
      modules.set(path, await load(join(job.root, path), group));
      // What is remembered of the time of loading is old when the calls come.
      passTime(dayMs);
    }
    // A class is named by the file that declares it, so those come before a file that re-exports it.
    for (const path of [...declaring, call.path]) if (fresh.has(path)) addClasses(path, modules.get(path).exported);
    values.shared.prototypeAt = (path, name) => classAt(modules.get(path)?.exported, name).prototype;
    return outcomeOf(modules.get(call.path), call);
  };
  const first = [];
  for (let index = 0; index < job.calls.length; index += 1) {
    first.push((await outcomeAt(index)).outcome);
    tell(job.calls[index], 1, first[index]);
  }
  const kept = [];
  for (let at = 0; at < job.repeated.length; at += 1)
    kept[at] = await repeat(job.repeated[at], first[job.repeated[at]], outcomeAt);
  // What a call gave should still be the same after all others.
  for (let at = 0; at < job.repeated.length; at += 1) {
    if (kept[at] === null) continue;
    const call = job.calls[job.repeated[at]];
    const now = await kept[at]();
    if (now === first[job.repeated[at]]) writeSync(3, `${word} ${call.id} kept\n`);
    else tell(call, 0, now);
  }
  writeSync(3, `${word} end\n`);
  exit(0);
}

function addClasses(path, exported) {
  const add = (name, value) => {
    if (typeof value !== "function" || !values.isOpenClass(Function.prototype.toString.call(value))) return;
    if (!values.shared.classes.has(value.prototype)) values.shared.classes.set(value.prototype, [path, name]);
  };
  add("module.exports", exported);
  if (exported !== null && typeof exported === "object")
    for (const name of Object.keys(exported)) add(name, Object.getOwnPropertyDescriptor(exported, name)?.value);
}

function classAt(exported, name) {
  return name === "module.exports" ? exported : exported[name];
}

/** Tells the first other outcome, or that there was none: as many equal ones would be too much to tell. Returns what tells the first of these outcomes again; null if there is none. */
async function repeat(index, expected, outcomeAt) {
  let kept = null;
  for (let count = 2; count <= job.times; count += 1) {
    if (elapsedMs() > job.repeatMs) return kept;
    const { outcome, outcomeNow } = await outcomeAt(index);
    if (outcome !== expected) {
      tell(job.calls[index], count, outcome);
      return null;
    }
    kept ??= outcomeNow;
  }
  writeSync(3, `${word} ${job.calls[index].id} done\n`);
  return kept;
}

/** Modules are loaded afresh for each group, so that the state of one can't reach another. */
async function load(path, group) {
  const url = `${pathToFileURL(path)}`;
  try {
    const exported = require(path);
    const isModule = Object.prototype.toString.call(exported) === "[object Module]";
    return { exported: isModule && group > 1 ? await import(`${url}?${group}`) : exported };
  } catch (error) {
    try {
      return { exported: await import(url) };
    } catch {
      return { error };
    }
  }
}

/** How a call ended, and what tells the same again later, when other calls may have changed what it gave. */
async function outcomeOf(loaded, { name, input }) {
  const final = (outcome) => ({ outcome, outcomeNow: () => outcome });
  if ("error" in loaded) return final(`l${loaded.error?.name}: ${loaded.error?.message}`);
  const { exported } = loaded;
  const named = name === "module.exports" ? exported : exported?.[name];
  const dot = name.lastIndexOf(".");
  const isMethod = typeof named !== "function" && dot > 0;
  const called = isMethod ? classAt(exported ?? {}, name.slice(0, dot))?.prototype?.[name.slice(dot + 1)] : named;
  if (typeof called !== "function") return final("lnot exported");
  let given;
  try {
    given = values.decode(input);
  } catch (error) {
    return final(`lnot made: ${error?.message}`);
  }
  let value;
  const end = values.outcome(() => {
    const self = isMethod ? given[0] : name === "module.exports" ? undefined : exported;
    value = apply(called, self, isMethod ? given.slice(1) : given);
    return value;
  });
  if (end !== "x[object Promise]") {
    const outcome = values.left(end, given, input);
    const isObject = end.startsWith("v") && typeof value === "object" && value !== null;
    return isObject
      ? {
          outcome,
          outcomeNow: () =>
            values.left(
              values.outcome(() => value),
              given,
              input,
            ),
        }
      : final(outcome);
  }
  const settled = Promise.resolve(value).then(
    (found) => () => values.outcome(() => found),
    (error) => () =>
      values.outcome(() => {
        throw error;
      }),
  );
  const late = new Promise((done) => afterwards(done, callPatienceMs, () => "xunsettled"));
  const endNow = await Promise.race([settled, late]);
  const outcomeNow = () => values.left(endNow(), given, input);
  return { outcome: outcomeNow(), outcomeNow };
}

/** Everything that says what time it is says another time. Returns what lets more time pass. */
function shiftClock(firstMs) {
  let shiftMs = firstMs;
  const Real = Date;
  const now = () => Real.now() + shiftMs;
  const Shifted = new Proxy(Real, {
    construct: (target, given, made) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, made === Shifted ? target : made),
    apply: () => new Real(now()).toString(),
    get: (target, key) => (key === "now" ? now : target[key]),
  });
  Real.prototype.constructor = Shifted;
  globalThis.Date = Shifted;
  const uptime = process.uptime.bind(process);
  process.uptime = () => uptime() + shiftMs / 1000;
  const elapsed = performance.now.bind(performance);
  performance.now = () => elapsed() + shiftMs;
  const nanoseconds = process.hrtime.bigint;
  const shiftedNanoseconds = () => nanoseconds() + BigInt(Math.round(shiftMs)) * 1_000_000n;
  process.hrtime = Object.assign(
    (before) => {
      const past = before === undefined ? 0n : BigInt(before[0]) * 1_000_000_000n + BigInt(before[1]);
      const since = shiftedNanoseconds() - past;
      return [Number(since / 1_000_000_000n), Number(since % 1_000_000_000n)];
    },
    { bigint: shiftedNanoseconds },
  );
  shiftOthers(now, () => shiftMs);
  return (moreMs) => {
    shiftMs += moreMs;
  };
}

/** Other places with a time: formatters and files that are given none, events, the process's start. */
function shiftOthers(now, shiftMs) {
  const origin = performance.timeOrigin + shiftMs();
  Object.defineProperty(performance, "timeOrigin", { get: () => origin, configurable: true, enumerable: true });
  const formats = Intl.DateTimeFormat.prototype;
  const { get: formatOf } = Object.getOwnPropertyDescriptor(formats, "format");
  const { formatToParts } = formats;
  Object.defineProperty(formats, "format", {
    get() {
      const format = apply(formatOf, this, []);
      return (date) => format(date === undefined ? now() : date);
    },
    configurable: true,
  });
  formats.formatToParts = function (date) {
    return apply(formatToParts, this, [date === undefined ? now() : date]);
  };
  const RealFile = File;
  const ShiftedFile = new Proxy(RealFile, {
    construct: (target, [parts, name, options], made) =>
      Reflect.construct(
        target,
        [parts, name, { lastModified: now(), ...options }],
        made === ShiftedFile ? target : made,
      ),
  });
  RealFile.prototype.constructor = ShiftedFile;
  globalThis.File = ShiftedFile;
  Object.defineProperty(require("node:buffer"), "File", { value: ShiftedFile, configurable: true, enumerable: true });
  const { get: timeStamp } = Object.getOwnPropertyDescriptor(Event.prototype, "timeStamp");
  Object.defineProperty(Event.prototype, "timeStamp", {
    get() {
      return apply(timeStamp, this, []) + shiftMs();
    },
    configurable: true,
    enumerable: true,
  });
}
