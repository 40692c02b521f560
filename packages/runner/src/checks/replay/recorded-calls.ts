/**
 * Reads the calls that the recorder wrote in a container. The lines are hostile: bounded, and a malformed one is dropped. Pure. An outcome, here and in
 * `inside/`, is a letter and a text: `v` a value, `g` the items of a generator, `e` an error, `l` the call did not reach its function, `x` a result that can't
 * be written, such as a promise that never settled. The arguments after the call may follow. Python's programs shorten outcomes themselves.
 */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const callsMax = 1000;
const functionsMax = 200;
/** No recorder writes more calls of one function. */
const callsOfFunctionMax = 200;

const start = [z.string().max(100), z.string().max(1000)] as const;
const name = z.string().max(200);
const text = z.string().max(64_000);
const lineSchema = z.union([
  z.tuple([...start, name, text.nullable(), text, z.boolean().optional()]),
  z.tuple([...start, name]),
  z.tuple([
    ...start,
    z.strictObject({ module: z.string().max(500).nullable(), paths: z.array(z.string().max(500)).max(30) }),
  ]),
]);

/** How the tests imported a Python file: the module's name, and the repository's folders on the search path. */
export interface PythonImport {
  module: string | null;
  paths: string[];
}
export interface RecordedCall {
  /** Calls of one group ran with the same loaded modules. */
  group: number;
  path: string;
  name: string;
  /** The arguments as plain-values.cjs or plain-values.py writes them. */
  input: string;
  /** The call's outcome in the tests. */
  seen: string;
  /** True if the tests had replaced something that a bare process leaves as it is; in JavaScript only an environment variable that the specification names. */
  isSetUp: boolean;
}
export interface RecordedCalls {
  /** The calls by group, in the order in which they were made. */
  calls: RecordedCall[];
  /** Every function that could be recorded, as `path\nname`, with its number of calls that can't be repeated. */
  skipped: ReadonlyMap<string, number>;
  /** By path. */
  imports: ReadonlyMap<string, PythonImport>;
  /** Instrumented files that the tests loaded. */
  loaded: ReadonlySet<string>;
  /** How many calls or functions are at least missing because of a bound. */
  unlisted: number;
  /** Files that declare a class whose objects were passed or returned. */
  classFiles: readonly string[];
}

/** Files of the classes whose objects are among the values that plain-values.cjs and plain-values.py wrote. A text among the values may look the same. */
function classFilesIn(values: string): string[] {
  return [...values.matchAll(/\["[iI]","([^"]*)","/gu)].map(([, path = ""]) => path);
}

/** Chooses at most `callsMax` calls, evenly from all functions, so that a function that is called often leaves room for others. */
function sampleCalls(calls: readonly RecordedCall[]): Set<RecordedCall> {
  const counts = new Map<string, number>();
  const rounds = calls.map((call) => {
    const key = `${call.path}\n${call.name}`;
    const round = counts.get(key) ?? 0;
    counts.set(key, round + 1);
    return { call, round };
  });
  const inTurn = rounds.toSorted((one, other) => one.round - other.round);
  return new Set(inTurn.slice(0, callsMax).map(({ call }) => call));
}

/** Calls of several runs of tests. Where two runs make the same call, the first one's stays. */
export function mergeCalls(all: readonly RecordedCalls[]): RecordedCalls {
  const known = new Set<string>();
  let groups = 0;
  const calls = all.flatMap((one) => {
    const before = groups;
    groups += 1 + Math.max(0, ...one.calls.map(({ group }) => group));
    return one.calls.flatMap((call) => {
      const key = `${call.path}\n${call.name}\n${call.input}`;
      if (known.has(key)) return [];
      known.add(key);
      return [{ ...call, group: before + call.group }];
    });
  });
  return {
    calls,
    skipped: new Map(all.flatMap(({ skipped }) => [...skipped])),
    imports: new Map(all.toReversed().flatMap(({ imports }) => [...imports])),
    loaded: new Set(all.flatMap(({ loaded }) => [...loaded])),
    unlisted: all.reduce((sum, { unlisted }) => sum + unlisted, 0),
    classFiles: [...new Set(all.flatMap(({ classFiles }) => classFiles))],
  };
}

/** `paths`: the instrumented files. `isTest`: a call with an object of a class in such a file can't be repeated without the tests. */
export function readCalls(
  records: string,
  paths: ReadonlySet<string>,
  isTest: (path: string) => boolean = () => false,
): RecordedCalls {
  const groups = new Map<string, RecordedCall[]>();
  const skipped = new Map<string, number>();
  const imports = new Map<string, PythonImport>();
  const loaded = new Set<string>();
  const counts = new Map<string, number>();
  let unlisted = 0;
  for (const line of records.split("\n")) {
    const found = lineSchema.safeParse(parseJson(line)).data;
    if (found === undefined && line !== "") unlisted += 1;
    if (found === undefined || !paths.has(found[1])) continue;
    const [id, path, what, input, seen, isSetUp = false] = found;
    loaded.add(path);
    if (typeof what === "object") {
      if (!imports.has(path)) imports.set(path, what);
      continue;
    }
    const key = `${path}\n${what}`;
    if (!skipped.has(key) && skipped.size === functionsMax) {
      unlisted += 1;
      continue;
    }
    const count = (counts.get(`${id}\n${key}`) ?? 0) + (seen === undefined ? 0 : 1);
    counts.set(`${id}\n${key}`, count);
    if (count === callsOfFunctionMax) unlisted += 1;
    const isRepeatable =
      typeof input === "string" && seen !== undefined && seen !== "xunsettled" && !classFilesIn(input).some(isTest);
    skipped.set(key, (skipped.get(key) ?? 0) + (seen === undefined || isRepeatable ? 0 : 1));
    if (!isRepeatable) continue;
    const group = groups.get(id) ?? [];
    groups.set(id, group);
    group.push({ group: group[0]?.group ?? groups.size, path, name: what, input, seen, isSetUp });
  }
  const all = [...groups.values()].flat();
  const kept = sampleCalls(all);
  for (const one of all) {
    const key = `${one.path}\n${one.name}`;
    if (!kept.has(one)) skipped.set(key, (skipped.get(key) ?? 0) + 1);
  }
  unlisted += all.length - kept.size;
  const calls = all.filter((one) => kept.has(one));
  const named = new Set(calls.flatMap(({ input, seen }) => [...classFilesIn(input), ...classFilesIn(seen)]));
  return {
    calls,
    skipped,
    imports,
    loaded,
    unlisted,
    classFiles: [...named].filter((path) => loaded.has(path) && !isTest(path)),
  };
}
