/** Finds why the checks of a change are incomplete. Pure; contract: nothing missing or untrustworthy counts as green. */
import type { CommandResult, TestMatrix } from "@aedev/contracts";

/** What did not run or can't be trusted. `ofRevert`: the branch may be broken, and its tests may not even load without the reverted change, so only the earlier tests must run on the earlier code. */
export function incompleteReasons(matrix: TestMatrix, { ofRevert = false } = {}): string[] {
  const reasons: string[] = [];
  const { "old-tests-old-code": base, "new-tests-new-code": own } = matrix.cells;
  const first = ofRevert ? own : base;
  for (const name of ["old-tests-old-code", "new-tests-new-code"] as const) {
    const isNeeded = name === "new-tests-new-code" || !ofRevert;
    if (isNeeded && !matrix.cells[name].ran)
      reasons.push(`${name} did not run: ${matrix.cells[name].why_not ?? "no reason is given"}`);
  }
  for (const [name, cell] of Object.entries(matrix.cells)) {
    if (!cell.ran) continue;
    if (cell.commands.length === 0) reasons.push(`${name} ran no command`);
    const same = cell.commands.length === first.commands.length;
    if (!same || cell.commands.some((command, index) => command.command !== first.commands[index]?.command))
      reasons.push(`${name} ran other commands than ${ofRevert ? "new-tests-new-code" : "old-tests-old-code"}`);
    for (const command of cell.commands) {
      const mayBreak = name === "new-tests-old-code" || (ofRevert && name !== "new-tests-new-code");
      const why = ofRevert && mayBreak && hasFailed(command) ? null : whyIncomplete(command, mayBreak);
      if (why !== null) reasons.push(`${name}: ${command.command}: ${why}`);
    }
  }
  return reasons;
}

/** Whether the command failed or was stopped. A command that claims success must prove it. */
function hasFailed({ exit_code, timed_out }: CommandResult): boolean {
  return timed_out || exit_code !== 0;
}

/** `mayBreak`: new tests on old code may fail to load or hang; that counts as a failure, not as a gap. */
function whyIncomplete(command: CommandResult, mayBreak: boolean): string | null {
  if (command.incomplete !== null) return command.incomplete;
  const broke = mayBreak && command.exit_code !== 0;
  if (broke) return null;
  if (command.timed_out) return "it was stopped at its time limit";
  if (command.exit_code === null) return "it has no exit code";
  if (command.tests === null || command.sentinel === "none" || command.sentinel === "failed-as-it-must") {
    const failing = command.tests?.some((test) => test.result === "fail") === true;
    return failing && command.exit_code === 0 ? "tests are reported as failing, but the exit code is 0" : null;
  }
  return `the sentinel test was ${command.sentinel}`;
}
