/** Compares the checks on a moved base with the checks that were judged and approved. Pure. */
import { type Checks, canonicalJson } from "@aedev/contracts";

/** Contract: false if a person or a judge would see a different result of any test. */
export function saySame(before: Checks, after: Checks): boolean {
  const visibleResults = ({
    status,
    fail_to_pass,
    newly_flaky,
    new_tests,
    own_tests = [],
    build_writes = [],
  }: Checks) => canonicalJson({ status, fail_to_pass, newly_flaky, new_tests, own_tests, build_writes });
  const against = [after.newly_failing, after.vanished, after.newly_skipped];
  return against.every(({ length }) => length === 0) && visibleResults(before) === visibleResults(after);
}
