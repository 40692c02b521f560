/** Whether the checks on a moved base say of a change what was judged and approved before. Pure. */
import { type Checks, canonicalJson } from "../wire/index.ts";

/** Contract: false as soon as a person or a judge would be told of another test than before. */
export function saySame(before: Checks, after: Checks): boolean {
  const told = ({ status, fail_to_pass, newly_flaky, new_tests }: Checks) =>
    canonicalJson({ status, fail_to_pass, newly_flaky, new_tests });
  const against = [after.newly_failing, after.vanished, after.newly_skipped];
  return against.every(({ length }) => length === 0) && told(before) === told(after);
}
