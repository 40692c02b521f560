/** Functions that a change leaves as they are, and what they reach in changed files: what they newly give is the work of what they call. */
import { z } from "zod";
import { readBlob } from "../../tree/check-tree.ts";
import type { TestedChange } from "../proof/proof.ts";
import type { Declaration } from "./declarations.ts";
import { instrumented, sourceBytesMax } from "./instrumented.ts";
import { replayLanguageOf } from "./languages.ts";

const declarationsSchema = z.array(
  z.strictObject({ name: z.string(), isFunction: z.boolean(), digest: z.string(), mentions: z.array(z.string()) }),
);
/** The declarations of the new code in changed files, by name. `isSame`: the base has it too, word for word. */
export type DeclaredNames = ReadonlyMap<
  string,
  readonly (Declaration & { readonly isSame: boolean; readonly path: string })[]
>;

const filesMax = 50;
/** Files that no program reads. */
const isProse = (path: string) => /\.(?:md|rst|adoc)$|(?:^|\/)(?:LICENSE|NOTICE|AUTHORS|CHANGELOG)[^/]*$/iu.test(path);

/** Null if a changed file beside the tests can't be read as code, such as data, or if there are more than 50: then it is not known what is changed. */
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
 * Whether a function of the top of a file is the same as before and reaches `fixed` functions, and nothing else that is changed or new: names are followed through
 * unchanged declarations of the files, not through fixed functions.
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
        // Of two declarations of a name nothing says which one is meant.
        if (new Set(declared.get(mention)?.map((found) => found.path)).size > 1) return false;
        if (fixed.has(mention)) isFixed = true;
        else if (mention !== "") reached.add(mention);
      }
    }
  return isFixed;
}
