/** Sentences about checks that are not green. */
import type { Fact } from "./reason.ts";

export const checksSentences: Record<Extract<Fact, { kind: "checks-not-green" }>["status"], string> = {
  none: "no checks: the repository has no verify command",
  "base-red": "the checks fail on the base too",
  "exit-code-only": "the checks give only an exit code, no results per test",
  "exit-code-red-on-base":
    "the checks give only an exit code; it says that the new tests fail on the old code and pass on the new code",
  "exit-code-green-on-base":
    "the checks give only an exit code, and the new tests do not test the change: they pass on the old code too",
  "partly-by-test": "a part of the checks gives only an exit code, or a report that can't be trusted",
  red: "the checks failed",
  incomplete: "the checks are incomplete",
  missing: "the checks are missing",
};
