/** What a change did to tests, in lines for a person. Names come from the change: a face escapes each line. */
import { summarizeList } from "../policy/summarize-list.ts";
import type { TestChanges } from "../wire/index.ts";

const namesCharactersMax = 400;
const findingsMax = 30;

/** One line per fact, the files that only changed what no test sees left out; empty where nothing is to say. */
export function testChangeLines({ files, settings, code_findings }: TestChanges): string[] {
  const findings = [
    ...files.flatMap(({ path, findings }) => findings.map((found) => ({ path, ...found }))),
    ...code_findings,
  ];
  const shown = findings.slice(0, findingsMax).map(({ path, kind, test, line, text }) => {
    const place = line === 0 ? path : `${path}:${line}`;
    return `${kind}: ${place}${test === null ? "" : `: ${test}`}${text === "" ? "" : ` (${text})`}`;
  });
  return [
    ...shown,
    ...(findings.length > findingsMax ? [`omitted: ${findings.length - findingsMax} more findings`] : []),
    ...files.flatMap(({ path, status, parser, changed_tests, added_tests, support_changed }) => [
      ...(changed_tests.length > 0 ? [`changed: ${path}: ${summarizeList(changed_tests, namesCharactersMax)}`] : []),
      ...(added_tests.length > 0 ? [`new: ${path}: ${summarizeList(added_tests, namesCharactersMax)}`] : []),
      ...(support_changed ? [`shared by tests: ${path}`] : []),
      ...(parser === "lines" && status !== "deleted" ? [`read by line only, which sees less: ${path}`] : []),
    ]),
    ...settings.map(({ path, kind }) => `settings of ${kind}: ${path}`),
  ];
}
