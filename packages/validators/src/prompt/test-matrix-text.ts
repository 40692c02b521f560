/** Writes the test matrix for a judge: per cell and command the exit code, the counts and the tests by name that did not pass. What is left out is counted. */
import { type Cell, type CommandResult, cellNames, type TestMatrix } from "@aedev/core/wire";
import { listedTestsMax, outputCharactersMax } from "../bounds.ts";

export function testMatrixText(matrix: TestMatrix): string {
  if (!matrix.has_checks) return "The repository names no verify command: nothing was run.";
  const cells = cellNames.map((name) => cellText(name, matrix.cells[name]));
  const own = matrix.own_control;
  return [
    ...cells,
    ...(own === null ? [] : [cellText("new-tests-new-code with the candidate's own control files", own)]),
  ].join("\n");
}

function cellText(name: string, cell: Cell): string {
  if (!cell.ran) return `cell ${name}: not run (${cell.why_not ?? "no reason given"})`;
  return [`cell ${name}:`, ...cell.commands.map(commandText)].join("\n");
}

function commandText(result: CommandResult): string {
  const lines = [
    `  command: ${result.command}`,
    `  exit code: ${result.timed_out ? "timed out" : (result.exit_code ?? "none")}`,
    ...(result.incomplete === null ? [] : [`  incomplete: ${result.incomplete}`]),
    ...testLines(result),
  ];
  if (result.exit_code !== 0 || result.tests === null) lines.push(...outputLines(result));
  return lines.join("\n");
}

function testLines({ tests }: CommandResult): string[] {
  if (tests === null) return ["  tests: the command gives only an exit code"];
  const idsOf = (wanted: string) => tests.filter((test) => test.result === wanted).map((test) => test.id);
  const [passed, red, skipped] = [idsOf("pass"), idsOf("fail"), idsOf("skip")];
  return [
    `  tests: ${passed.length} passed, ${red.length} failed, ${skipped.length} skipped`,
    ...listed("failed", red),
    ...listed("skipped", skipped),
    ...listed("passed", passed),
  ];
}

function listed(what: string, ids: readonly string[]): string[] {
  const omitted = ids.length - listedTestsMax;
  const lines = ids.slice(0, listedTestsMax).map((id) => `    ${what}: ${id}`);
  return omitted > 0 ? [...lines, `    ${what}: (${omitted} more omitted)`] : lines;
}

function outputLines({ output_tail, omitted_bytes }: CommandResult): string[] {
  const shown = output_tail.slice(-outputCharactersMax);
  const omitted = omitted_bytes > 0 || shown.length < output_tail.length ? " (the beginning is omitted)" : "";
  return [`  end of output${omitted}:`, ...shown.split("\n").map((line) => `    ${line}`)];
}
