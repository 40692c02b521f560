/** Whether an edited test still notices what its old version noticed (ADR 0041). Pure. */
import type { EditedTests } from "@aedev/contracts";
import { isResultOf } from "./checks/result-names.ts";

/** With fewer mutants killed by the old version, too little is known of what it noticed. */
const killedMin = 2;

/** `paths`: of the test's file, before and after. Each mutant that a result of the old version killed must be killed by the same result of the new one. */
export function noticesAsBefore(
  test: { readonly name: string; readonly paths: readonly string[] },
  edited: EditedTests | null,
): boolean {
  const killed = (edited?.mutants ?? []).flatMap(({ killed_by_old: old, killed_by_new: now }) => {
    const ids = old.filter((id) => isResultOf(id, test));
    return ids.length === 0 ? [] : [ids.every((id) => now.includes(id))];
  });
  return killed.length >= killedMin && killed.every(Boolean);
}
