/** The test matrix of a bundle for a person: one line per cell and command, then the tests that the summary names. Foreign text is escaped. */
import {
  type Cell,
  type Checks,
  type CommandResult,
  cellNames,
  checksSchema,
  escapeLine,
  type TestMatrix,
  testMatrixSchema,
} from "@aedev/contracts";
import { columns } from "./columns.ts";

/** How many names of a list are shown. */
export const namesMax = 5;
const lineLengthMax = 300;
const results = ["pass", "fail", "skip", "flaky"] as const;

/** Empty if the bundle has no readable matrix. `entries`: the bundle's entries by name. */
export function matrixText(entries: Readonly<Record<string, unknown>>): string {
  const matrix = testMatrixSchema.safeParse(entries["test-matrix"]).data;
  const checks = checksSchema.safeParse(entries["checks"]).data;
  if (matrix === undefined) return "";
  const rows = matrix.has_checks ? rowsOf(matrix) : [];
  const table = columns(["CELL", "COMMAND", "EXIT", "TESTS", "NOTE"], rows, "the repository names no verify command");
  return [table, ...(checks === undefined ? [] : checksLines(checks))].join("\n");
}

function rowsOf(matrix: TestMatrix): (string | null)[][] {
  const cells: [string, Cell][] = cellNames.map((name) => [name, matrix.cells[name]]);
  if (matrix.own_control !== null) cells.push(["with its own control files", matrix.own_control]);
  return cells.flatMap(([name, cell]) =>
    cell.ran
      ? cell.commands.map((command) => [
          name,
          command.command,
          command.timed_out ? "timed out" : String(command.exit_code ?? "none"),
          testsText(command),
          noteOf(cell, command),
        ])
      : [[name, null, null, null, cell.why_not]],
  );
}

function testsText({ tests }: CommandResult): string {
  if (tests === null) return "exit code only";
  const counts = results.map((result) => [tests.filter((test) => test.result === result).length, result] as const);
  const present = counts.filter(([count]) => count > 0).map(([count, result]) => `${count} ${result}`);
  return present.length === 0 ? "none" : present.join(", ");
}

function noteOf(cell: Cell, { runs, exit_codes, incomplete }: CommandResult): string | null {
  const notes = [
    ...(cell.cached === null ? [] : ["from the cache"]),
    ...(cell.why_not === null ? [] : [cell.why_not]),
    ...(runs === 1 ? [] : [`run ${runs} times: exit ${exit_codes.map((code) => code ?? "none").join(", ")}`]),
    ...(incomplete === null ? [] : [incomplete]),
  ];
  return notes.length === 0 ? null : notes.join("; ");
}

const newTestsText = {
  "red-on-base": "the new tests test the change: they fail on the base",
  "green-on-base": "the new tests do not test the change: none fails on the base",
  none: "no new tests",
  unknown: "whether new tests test the change is not known",
} as const;

function checksLines(checks: Checks): string[] {
  return [
    `checks: ${checks.status}; ${newTestsText[checks.new_tests]}`,
    ...firstNames("red on the old code", checks.fail_to_pass, " (green on the new)"),
    ...firstNames("newly failing", checks.newly_failing),
    ...firstNames("vanished", checks.vanished),
    ...firstNames("newly skipped", checks.newly_skipped),
    ...(checks.skipped === undefined ? [] : [`skipped, so that they show nothing: ${checks.skipped.tests}`]),
    ...firstNames("newly flaky", checks.newly_flaky),
    ...firstNames("flaky on the base too", checks.flaky),
  ].map((line) => escapeLine(line, lineLengthMax));
}

/** The first names and the number of further ones; empty without names. */
export function firstNames(what: string, names: readonly string[], after = ""): string[] {
  if (names.length === 0) return [];
  const rest = names.length > namesMax ? ` and ${names.length - namesMax} more` : "";
  return [`${what}: ${names.slice(0, namesMax).join("; ")}${rest}${after}`];
}
