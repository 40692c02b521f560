/** Tells whether an edited test still notices what its old version noticed (ADR 0041). Pure. */
import type { EditedTests } from "@aedev/contracts";
import { isResultOf } from "./result-names.ts";

/** The fewest killed mutants that show what the old version notices. */
const killedMin = 2;
/** The fewest tried mutants that say enough, unless there were no more. */
const triedMin = 12;

interface EditedTest {
  readonly name: string;
  /** The paths of its file, before and after. */
  readonly paths: readonly string[];
}

/** `less`: a test of the base now misses a mutant that it killed before. `as-before`: none does, and this test killed some; `others`: other tests did. */
export function noticing(test: EditedTest, edited: EditedTests | null): "as-before" | "others" | "less" | "unknown" {
  if (edited === null || !edited.paths.some((path) => test.paths.includes(path))) return "unknown";
  const { mutants } = edited;
  const isKept = mutants.every(({ killed_by_old: old, killed_by_new: now }) => old.every((id) => now.includes(id)));
  if (!isKept) return "less";
  const isEnough = edited.tried >= triedMin || edited.untried === 0;
  if (!isEnough || mutants.length < killedMin) return "unknown";
  const killed = mutants.filter(({ killed_by_old: old }) => old.some((id) => isOf(id, test)));
  return killed.length >= killedMin ? "as-before" : "others";
}

/** A title's placeholder for the values of its rows: `adds %i`, `adds $a`, `adds ${a}`. */
const placeholder = /%[sdifjoOp#%]|\$(?:[A-Za-z_][\w.]*|\{[\w.]+\})/u;
/** A shorter text may occur in the titles of other tests. */
const titleCharactersMin = 3;

function isOf(id: string, { name, paths }: EditedTest): boolean {
  const groups = name.split(" > ");
  const fixed = (groups.pop() ?? "").split(placeholder);
  if (fixed.length === 1 || fixed.join("").trim().length < titleCharactersMin) return isResultOf(id, { name, paths });
  const title = id.split(" > ").at(-1) ?? "";
  let at = 0;
  const isTitle = fixed.every((part) => {
    const found = title.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
  return isTitle && isResultOf(id, { name: [...groups, title].join(" > "), paths });
}
