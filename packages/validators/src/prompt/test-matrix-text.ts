/** Renders the test matrix for a judge: the exit code, the counts and the test names of each cell and command. Omissions are counted. */
import { type Cell, type CommandResult, cellNames, type TestMatrix, type TestResult } from "@aedev/contracts";
import { cellCharactersMax, listedTestsMax, outputCharactersMax } from "./bounds.ts";
import { cappedLines, listed } from "./capped.ts";

export function testMatrixText(matrix: TestMatrix): string[] {
  if (!matrix.has_checks) return ["The repository names no verify command: nothing was run."];
  const cells = cellNames.flatMap((name) => cellText(name, matrix.cells[name]));
  const own = matrix.own_control;
  return own === null
    ? cells
    : [...cells, ...cellText("new-tests-new-code with the candidate's own control files", own)];
}

/** Each cell has its own bound, so that long output in one cell does not hide another. */
function cellText(name: string, cell: Cell): string[] {
  if (!cell.ran) return [`cell ${name}: not run (${cell.why_not ?? "no reason given"})`];
  return [`cell ${name}:`, ...cappedLines(cell.commands.flatMap(commandText), cellCharactersMax)];
}

function commandText(result: CommandResult): string[] {
  return [
    `  command: ${result.command}`,
    `  exit code: ${result.timed_out ? "timed out" : (result.exit_code ?? "none")}`,
    ...(result.runs === 1
      ? []
      : [`  run ${result.runs} times, because answers differed; exit codes: ${result.exit_codes.join(", ")}`]),
    ...(result.incomplete === null ? [] : [`  incomplete: ${result.incomplete}`]),
    ...testLines(result),
    ...(result.exit_code !== 0 || result.tests === null ? outputLines(result) : []),
  ];
}

function testLines({ tests }: CommandResult): string[] {
  if (tests === null) return ["  tests: the command gives only an exit code"];
  const idsOf = (wanted: TestResult["result"]) => tests.filter((test) => test.result === wanted).map((test) => test.id);
  const [passed, red, skipped, flaky] = [idsOf("pass"), idsOf("fail"), idsOf("skip"), idsOf("flaky")];
  return [
    `  tests: ${passed.length} passed, ${red.length} failed, ${skipped.length} skipped, ${flaky.length} flaky`,
    ...listed("    failed", red, listedTestsMax),
    ...listed("    skipped", skipped, listedTestsMax),
    ...listed("    flaky", flaky, listedTestsMax),
    ...listed("    passed", passed, listedTestsMax),
  ];
}

/** The end of the output, where a test runner reports failures. */
function outputLines({ output_tail, omitted_bytes }: CommandResult): string[] {
  const tail = output_tail.slice(-outputCharactersMax);
  const omittedCharacters = output_tail.length - tail.length;
  const omitted = [
    ...(omitted_bytes > 0 ? [`${omitted_bytes} bytes`] : []),
    ...(omittedCharacters > 0 ? [`${omittedCharacters} characters`] : []),
  ].join(" and ");
  const marker = omitted === "" ? "" : ` (its beginning is omitted: ${omitted})`;
  return [`  end of output${marker}:`, ...tail.split("\n").map((line) => `    ${line}`)];
}
