/** The section about what shows that the change works: checks, the test matrix, proofs by running it, judges. */
import {
  checksStatusText,
  counted,
  independentTestsText,
  outsideReplayLines,
  provennessLines,
  secondImplementationText,
  summarizeList,
} from "@aedev/contracts";
import type { ReportStatement } from "@aedev/contracts/api";
import type { ReportEntries, TaskFacts } from "./facts.ts";
import { verdictEvents } from "./request-sections.ts";
import {
  atEntry,
  atEvent,
  evidenceProblem,
  fromEntry,
  hasSingleTests,
  lastOfTask,
  notKnown,
  stated,
  type UnknownLine,
  unchanged,
} from "./statements.ts";

const namesCharactersMax = 400;

export function verification(facts: TaskFacts): ReportStatement[] {
  const { evidence } = facts;
  const valid = (fingerprint: string) =>
    stated(`Signature and digests of the evidence are valid; key ${fingerprint}`, atEntry(facts, null));
  const verdicts = verdictEvents(facts).map((event) => {
    const { family, model, verdict, detail, reused_from } = event.data;
    const why = [detail ?? [], reused_from === undefined ? [] : "given before on the same change"].flat();
    const more = why.length === 0 ? "" : ` (${why.join("; ")})`;
    return stated(`Judge ${family}: ${verdict.replace("_", " ")}${more}, model ${model}`, atEvent(event));
  });
  return [
    ...(evidence.kind === "verified" ? [valid(evidence.fingerprint)] : evidenceProblem(facts)),
    ...fromEntry(facts, "checks", checkLines),
    ...fromEntry(facts, "test-matrix", (matrix) => [...ranLines(matrix), ...notRunLines(matrix)]),
    ...fromEntry(facts, "provenness", (found) => provennessLines(found, unchanged)),
    ...fromEntry(facts, "replay", (found) => outsideReplayLines(found, unchanged)),
    ...fromEntry(facts, "independent-tests", (found) => [independentTestsText(found, unchanged)]),
    ...fromEntry(facts, "second-implementation", (found) => [secondImplementationText(found, unchanged)]),
    ...fromEntry(facts, "mutation-sample", ({ why_not, mutants, killed, survived }) => [
      why_not === null
        ? `Of ${counted(mutants, "mutant")}, tests noticed ${killed}, and ${survived} survived.`
        : `The mutants were not all tried: ${why_not}`,
    ]),
    ...(verdicts.length === 0
      ? [notKnown("No judge has answered about the present change.", lastOfTask(facts))]
      : verdicts),
  ];
}

function checkLines(checks: ReportEntries["checks"]): (string | UnknownLine)[] {
  const { status, skipped, reasons } = checks;
  return [
    `Checks: ${checksStatusText(status)}`,
    ...(hasSingleTests(checks) ? testLines(checks) : [{ unknown: "The checks gave no results of single tests." }]),
    ...(skipped === undefined ? [] : [`${counted(skipped.tests, "test")} skipped.`]),
    ...reasons.map((reason) => `Problem: ${reason}`),
  ];
}

function testLines({ fail_to_pass, pass_to_pass }: ReportEntries["checks"]): string[] {
  const tests = fail_to_pass.length;
  return [
    tests === 0
      ? "No test failed before the change and passes with it."
      : `${counted(tests, "test")} failed before the change and ${tests === 1 ? "passes" : "pass"} with it: ${summarizeList(fail_to_pass, namesCharactersMax)}`,
    `${counted(pass_to_pass, "test")} ${pass_to_pass === 1 ? "passes" : "pass"} before and after.`,
  ];
}

/** The check commands that did not run: whole cells of the test matrix, or all for want of a command. */
export function notRunLines({ has_checks, cells }: ReportEntries["test-matrix"]): string[] {
  return [
    ...(has_checks ? [] : ["The repository has no verify command."]),
    ...Object.entries(cells).flatMap(([name, { ran, why_not }]) =>
      ran ? [] : [`Did not run: ${cellText(name)}${why_not === null ? "" : `: ${why_not}`}`],
    ),
  ];
}

function ranLines({ cells }: ReportEntries["test-matrix"]): string[] {
  const ran = Object.entries(cells).flatMap(([name, cell]) => (cell.ran ? [cellText(name)] : []));
  return ran.length === 0 ? [] : [`Ran: ${ran.join(", ")}`];
}

/** `old tests on new code`. */
function cellText(name: string): string {
  return name.replace("tests-", "tests on ").replaceAll("-", " ");
}
