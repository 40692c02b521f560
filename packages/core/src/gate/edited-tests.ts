/** Whether an edited test still notices what its old version noticed (ADR 0041). Pure. */
import type { EditedTests } from "@aedev/contracts";
import { isResultOf } from "./checks/result-names.ts";

/** With fewer mutants killed by the old version, too little is known of what it noticed. */
const killedMin = 2;

interface EditedTest {
  readonly name: string;
  /** Of its file, before and after. */
  readonly paths: readonly string[];
}

/** Each mutant that a result of the old version killed must be killed by the same result of the new one. */
export function noticesAsBefore(test: EditedTest, edited: EditedTests | null): boolean {
  const killed = (edited?.mutants ?? []).flatMap(({ killed_by_old: old, killed_by_new: now }) => {
    const ids = old.filter((id) => isOf(id, test));
    return ids.length === 0 ? [] : [ids.every((id) => now.includes(id))];
  });
  return killed.length >= killedMin && killed.every(Boolean);
}

/** What a title has for the values of its rows: `adds %i`, `adds $a`, `adds ${a}`. */
const placeholder = /%[sdifjoOp#%]|\$\{?[\w.]+\}?/u;
/** Less is in the titles of other tests, too. */
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
