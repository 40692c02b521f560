/** Functions that a change leaves as they are in a file that it changes: what they newly give is the work of what they call. */
import { z } from "zod";
import { readBlob } from "../../tree/check-tree.ts";
import { instrumented, sourceBytesMax } from "./instrumented.ts";
import type { RecordingRequest } from "./record-calls.ts";

const textsSchema = z.array(z.strictObject({ name: z.string(), digest: z.string(), mentions: z.array(z.string()) }));
/** What each unchanged function mentions, by `path\nname`, the name without its class. */
export type UnchangedCallers = ReadonlyMap<string, ReadonlySet<string>>;

export const callerKey = (path: string, name: string) => `${path}\n${name.slice(name.lastIndexOf(".") + 1)}`;

/** `paths`: files with functions whose calls were recorded. A file that can't be read has none. */
export async function unchangedCallers(
  { checkContext: { objects }, base, candidate }: Pick<RecordingRequest, "checkContext" | "base" | "candidate">,
  paths: Iterable<string>,
): Promise<UnchangedCallers> {
  const requests: { path: string; functionsOf: string }[] = [];
  for (const path of paths) {
    const ids = [base.get(path)?.id, candidate.get(path)?.id].filter((id) => id !== undefined);
    if (ids.length < 2) continue;
    const texts = await Promise.all(ids.map((id) => readBlob(objects, id)));
    if (texts.some(({ length }) => length > sourceBytesMax)) continue;
    requests.push(...texts.map((text) => ({ path, functionsOf: text.toString("utf8").toWellFormed() })));
  }
  const { answers } = await instrumented(requests, textsSchema);
  const found = new Map<string, ReadonlySet<string>>();
  for (let at = 0; at < requests.length; at += 2) {
    const path = requests[at]?.path ?? "";
    const old = new Map((answers[at] ?? []).map(({ name, digest }) => [name, digest]));
    for (const { name, digest, mentions } of answers[at + 1] ?? [])
      if (old.get(name) === digest) found.set(callerKey(path, name), new Set(mentions));
  }
  return found;
}
