/** Whether an edited test, or tests that use an edited file, still notice what they noticed before (ADR 0041). Pure. */
import type { EditedTests } from "@aedev/contracts";
import { isResultOf } from "./checks/result-names.ts";

/** With fewer mutants killed by the old version, too little is known of what it noticed. */
const killedMin = 2;
/** Fewer say little, unless there are no more. */
const triedMin = 12;

interface EditedTest {
  readonly name: string;
  /** Of its file, before and after. */
  readonly paths: readonly string[];
}

/** Its file only got lines, no test of the base lets a mutant live that it killed, and this test killed some. */
export function noticesAsBefore(test: EditedTest, edited: EditedTests | null): boolean {
  if (edited === null || !edited.paths.some((path) => test.paths.includes(path))) return false;
  return isKept(edited) && killedBy(edited, (id) => isOf(id, test)).length >= killedMin;
}

/** Tests use the file, no test of the base lets a mutant live that it killed, and those that use the file killed some, at least half of them one or more. */
export function usersNoticeAsBefore(path: string, edited: EditedTests | null): boolean {
  const users = new Set(edited?.support?.find((one) => one.path === path)?.used_by);
  if (edited === null || users.size === 0 || !isKept(edited)) return false;
  const killed = killedBy(edited, (id) => users.has(id));
  const killers = new Set(killed.flatMap((mutant) => mutant.killed_by_old.filter((id) => users.has(id))));
  return killed.length >= killedMin && 2 * killers.size >= users.size;
}

function isKept({ tried, untried, mutants }: EditedTests): boolean {
  if (tried < triedMin && untried > 0) return false;
  return mutants.every(({ killed_by_old: old, killed_by_new: now }) => old.every((id) => now.includes(id)));
}

const killedBy = ({ mutants }: EditedTests, isOne: (id: string) => boolean) =>
  mutants.filter(({ killed_by_old: old }) => old.some(isOne));

/** What a title has for the values of its rows: `adds %i`, `adds $a`, `adds ${a}`. */
const placeholder = /%[sdifjoOp#%]|\$(?:[A-Za-z_][\w.]*|\{[\w.]+\})/u;
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
