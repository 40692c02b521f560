/** Follows what unchanged functions reach in changed files. If their results change, a function that they call may be the cause. */
import { z } from "zod";
import { readBlob } from "../../tree/check-tree.ts";
import type { TestedChange } from "../proof/proof.ts";
import type { Declaration } from "./declarations.ts";
import { instrumented, sourceBytesMax } from "./instrumented.ts";
import { replayLanguageOf } from "./languages.ts";

const declarationsSchema = z.array(
  z.strictObject({ name: z.string(), isFunction: z.boolean(), digest: z.string(), mentions: z.array(z.string()) }),
);
/** The new code's declarations in changed files, by name. `isSame`: the base has the same text. */
export type DeclaredNames = ReadonlyMap<
  string,
  readonly (Declaration & { readonly isSame: boolean; readonly path: string })[]
>;

const filesMax = 50;
/** Files that no program reads. */
const isProse = (path: string) => /\.(?:md|rst|adoc)$|(?:^|\/)(?:LICENSE|NOTICE|AUTHORS|CHANGELOG)[^/]*$/iu.test(path);

/** Null if a changed file other than tests can't be read as code, such as data, or if there are more than 50. Then it is unknown what changed. */
export async function declaredNames({
  checkContext: { objects, isTest },
  base,
  candidate,
  isTestCode,
}: TestedChange): Promise<DeclaredNames | null> {
  const changed = [...new Set([...base.keys(), ...candidate.keys()])].filter(
    (path) => base.get(path)?.id !== candidate.get(path)?.id && !isTest(path) && !isTestCode(path) && !isProse(path),
  );
  if (changed.length > filesMax || changed.some((path) => replayLanguageOf(path) === null)) return null;
  const requests: { path: string; declarationsOf: string }[] = [];
  for (const path of changed)
    for (const tree of [base, candidate]) {
      const id = tree.get(path)?.id;
      const text = id === undefined ? Buffer.alloc(0) : await readBlob(objects, id);
      if (text.length > sourceBytesMax) return null;
      requests.push({ path, declarationsOf: text.toString("utf8").toWellFormed() });
    }
  const { answers } = await instrumented(requests, declarationsSchema);
  const found: (Declaration & { isSame: boolean; path: string })[] = [];
  for (let at = 0; at < requests.length; at += 2) {
    const [old, young, path = ""] = [answers[at], answers[at + 1], requests[at]?.path];
    if (old == null || young == null) return null;
    const known = new Set(old.map(({ name, digest }) => `${name} ${digest}`));
    found.push(...young.map((one) => ({ ...one, path, isSame: known.has(`${one.name} ${one.digest}`) })));
  }
  return Map.groupBy(found, ({ name }) => name);
}

/**
 * True if a top-level function is unchanged and reaches `fixed` functions and nothing else that is changed or new. Names are followed through unchanged
 * declarations of the changed files, but not through fixed functions.
 */
export function reachesOnlyFixed(
  { path, name }: { path: string; name: string },
  declared: DeclaredNames,
  fixed: ReadonlySet<string>,
): boolean {
  const own = declared.get(name)?.filter((one) => one.path === path) ?? [];
  if (own.length !== 1 || fixed.has(name) || own[0]?.isSame !== true || !own[0].isFunction) return false;
  const reached = new Set([name]);
  let isFixed = false;
  // A set is iterated in insertion order and includes elements added on the way.
  for (const one of reached)
    for (const { isSame, mentions } of declared.get(one) ?? []) {
      if (!isSame) return false;
      for (const mention of mentions) {
        // If a name has two declarations, it is unknown which one is meant.
        if (new Set(declared.get(mention)?.map((found) => found.path)).size > 1) return false;
        if (fixed.has(mention)) isFixed = true;
        else if (mention !== "") reached.add(mention);
      }
    }
  return isFixed;
}
