/** Groups a report's results into tests. In TAP each assertion is a result of its own, so assertions are grouped by the start of their names. Pure. */
import type { CommandResult, TestResult } from "@aedev/contracts";

/** `green`: every result is a pass. `red`: at least one is a failure. */
export type UnitResult = "green" | "red" | "other";

/** The tests of a report by name, in its order. */
export function testUnits(
  tests: readonly TestResult[],
  format: CommandResult["format"],
): ReadonlyMap<string, UnitResult> {
  const units = new Map<string, UnitResult>();
  for (const { id, result } of tests) {
    // A Rust test that must panic loses that suffix when its expectation is altered.
    const unit = format === "tap" ? tapTest(id) : format === "libtest" ? id.replace(/ - should panic$/, "") : id;
    const before = units.get(unit) ?? "green";
    units.set(unit, result === "fail" || before === "red" ? "red" : result === "pass" ? before : "other");
  }
  return units;
}

function tapTest(id: string): string {
  const plain = id.replace(/#\d+$/, "");
  const end = plain.lastIndexOf(" > ");
  return end === -1 ? plain : plain.slice(0, end);
}
