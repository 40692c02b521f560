/** Describes a change's effects on tests in lines for people. Names come from the change, so clients escape each line. */
import type { TestChanges } from "./evidence.ts";
import { summarizeList } from "./summarize-list.ts";

const namesCharactersMax = 400;
const findingsMax = 30;

/** One line per fact; empty without facts. */
export function testChangeLines({ files, settings, code_findings }: TestChanges): string[] {
  const findings = [
    ...files.flatMap(({ path, findings }) => findings.map((found) => ({ path, ...found }))),
    ...code_findings,
  ];
  const lines = findings.slice(0, findingsMax).map(({ path, kind, test, line, text }) => {
    const location = line === 0 ? path : `${path}:${line}`;
    return `${kind}: ${location}${test === null ? "" : `: ${test}`}${text === "" ? "" : ` (${text})`}`;
  });
  return [
    ...lines,
    ...(findings.length > findingsMax ? [`omitted: ${findings.length - findingsMax} more findings`] : []),
    ...files.flatMap(({ path, status, parser, changed_tests, added_tests, renamed_tests, support_changed }) => [
      ...(changed_tests.length > 0 ? [`changed: ${path}: ${summarizeList(changed_tests, namesCharactersMax)}`] : []),
      ...(added_tests.length > 0 ? [`new: ${path}: ${summarizeList(added_tests, namesCharactersMax)}`] : []),
      ...renamedLine(path, renamed_tests),
      ...(support_changed ? [`shared by tests: ${path}`] : []),
      ...(parser === "lines" && status !== "deleted" ? [`not compared test by test, which sees less: ${path}`] : []),
    ]),
    ...settings.map(({ path, kind }) => `settings of ${kind}: ${path}`),
  ];
}

function renamedLine(path: string, renamed: TestChanges["files"][number]["renamed_tests"]): string[] {
  const names = renamed.map(({ from, to }) => `${from} (now ${to.split(" > ").at(-1)})`);
  return names.length === 0 ? [] : [`renamed: ${path}: ${summarizeList(names, namesCharactersMax)}`];
}
