/** The words for the result of a change's checks, as messages and pages show it. */
import type { Checks } from "./evidence.ts";

const words = {
  green: "passing, on the old and the new tests",
  red: "red",
  "base-red": "some failed before the change; none fails newly",
  "exit-code-only": "the command succeeds but does not report single tests",
  flaky: "flaky: some give different results on repeated runs",
  none: "none",
  incomplete: "incomplete",
} as const;

/** Null: the evidence has no results. */
export function checksStatusText(status: Checks["status"] | null): string {
  return status === null ? "no results" : words[status];
}
