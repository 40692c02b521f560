/** Finds the code of a change that uses some of its functions, by name. */
import { z } from "zod";
import { type CheckEntries, readBlob } from "../../tree/check-tree.ts";
import type { TestedChange } from "../proof/proof.ts";
import { instrumented, sourceBytesMax } from "../replay/instrumented.ts";
import { replayLanguageOf } from "../replay/languages.ts";
import { topKeyOf } from "./compare-implementations.ts";

const filesMax = 200;
const declarationsSchema = z.array(z.looseObject({ name: z.string(), mentions: z.array(z.string()) }));

/** By file and top-level name of a function: those of the declarations that mention its name. Files that can't be read have none. */
export async function findUsers(
  used: readonly { path: string; name: string }[],
  tree: CheckEntries,
  { checkContext: { objects, isTest }, isTestCode }: Pick<TestedChange, "checkContext" | "isTestCode">,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const requests: { path: string; declarationsOf: string }[] = [];
  const names = new Set(used.map(({ name }) => name.split(".")[0] ?? ""));
  for (const [path, { id, mode }] of tree) {
    if (requests.length === filesMax) break;
    if (replayLanguageOf(path) === null || !mode.startsWith("100") || isTest(path) || isTestCode(path)) continue;
    const content = await readBlob(objects, id);
    const text = content.length > sourceBytesMax ? "" : content.toString("utf8").toWellFormed();
    if ([...names].some((name) => text.includes(name))) requests.push({ path, declarationsOf: text });
  }
  const { answers } = await instrumented(requests, declarationsSchema);
  const users = new Map<string, Set<string>>();
  for (const [index, { path }] of requests.entries())
    for (const { name, mentions } of answers[index] ?? [])
      for (const one of used) {
        const key = topKeyOf(one);
        const user = topKeyOf({ path, name });
        if (user !== key && mentions.includes(one.name.split(".")[0] ?? ""))
          users.set(key, (users.get(key) ?? new Set()).add(user));
      }
  return users;
}
