/** Reads the calls that the recorder wrote in a container. Hostile: bounded, and a line that does not fit is left out. Pure. */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const callsMax = 1000;
const functionsMax = 200;

const lineSchema = z.tuple([
  z.string().max(100),
  z.string().max(1000),
  z.string().max(200),
  z.string().max(64_000).nullable(),
  z.string().max(64_000),
]);

export interface RecordedCall {
  /** Calls of one group shared their modules. */
  group: number;
  path: string;
  name: string;
  /** The arguments as plain-values.cjs writes them. */
  input: string;
  /** How the call ended in the tests. */
  seen: string;
}
export interface RecordedCalls {
  /** By group, in the order in which they were made. */
  calls: RecordedCall[];
  /** Calls that can't be repeated, by `path\nname`. */
  skipped: ReadonlyMap<string, number>;
}

/** `paths`: the instrumented files. */
export function readCalls(text: string, paths: ReadonlySet<string>): RecordedCalls {
  const groups = new Map<string, RecordedCall[]>();
  const skipped = new Map<string, number>();
  const known = new Set<string>();
  for (const line of text.split("\n")) {
    const found = lineSchema.safeParse(parseJson(line)).data;
    if (found === undefined) continue;
    const [id, path, name, input, seen] = found;
    const key = `${path}\n${name}`;
    if (!paths.has(path) || (!known.has(key) && known.size === functionsMax)) continue;
    known.add(key);
    if (input === null || seen === "xunsettled") skipped.set(key, (skipped.get(key) ?? 0) + 1);
    else {
      const group = groups.get(id) ?? [];
      groups.set(id, group);
      group.push({ group: group[0]?.group ?? groups.size, path, name, input, seen });
    }
  }
  const calls = [...groups.values()].flat();
  for (const { path, name } of calls.slice(callsMax))
    skipped.set(`${path}\n${name}`, (skipped.get(`${path}\n${name}`) ?? 0) + 1);
  return { calls: calls.slice(0, callsMax), skipped };
}
