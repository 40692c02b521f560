/** A change as a person reviews it at a terminal: the request, the changed files, the criteria and what the tests show. Everything comes from the sealed evidence, and every line is escaped. */
import {
  type Checks,
  checksSchema,
  counted,
  escapeLine,
  type PathReport,
  pathReportSchema,
  specificationSchema,
  summarizeList,
} from "@aedev/contracts";
import type { TaskReading } from "@aedev/daemon";
import { columns } from "./columns.ts";

const lineLengthMax = 300;
const filesMax = 20;
const testsCharactersMax = 160;
const placesCharactersMax = 120;

/** Empty if the evidence contains none of it. `entries`: the bundle's entries by name. */
export function changeText(
  entries: Readonly<Record<string, unknown>>,
  judged: TaskReading["criteria_judged"] = [],
): string {
  const specification = specificationSchema.safeParse(entries["specification"]).data;
  const paths = pathReportSchema.safeParse(entries["path-report"]).data;
  const checks = checksSchema.safeParse(entries["checks"]).data;
  const titleLines = specification === undefined ? [] : [escapeLine(specification.title, lineLengthMax)];
  const criteria = (specification?.criteria ?? []).flatMap(({ id, text }) => [
    `  ${id}  ${escapeLine(text, lineLengthMax)}`,
    ...judged.filter((one) => one.id === id).map((one) => `      ${proofText(one)}`),
  ]);
  const parts = [
    titleLines,
    paths === undefined ? [] : fileLines(paths),
    criteria.length === 0 ? [] : ["it is done when:", ...criteria],
    checks === undefined ? [] : [`tests: ${testsText(checks)}`],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** What a judge says about a criterion, and where it saw it. */
function proofText({ family, result, cited }: TaskReading["criteria_judged"][number]): string {
  const places = summarizeList(
    cited.map((place) => escapeLine(place, 100)),
    placesCharactersMax,
  );
  return `${family}: ${result.replace("_", " ")}${cited.length === 0 ? "" : ` (${places})`}`;
}

/** The changed files with their added and deleted lines, the largest first. */
function fileLines({ files }: PathReport): string[] {
  const bySize = files.toSorted((one, other) => linesOf(other) - linesOf(one));
  const rows = bySize
    .slice(0, filesMax)
    .map((file) => [file.path, file.status, file.binary ? "binary" : sizeText(file)]);
  const rest = files.length - rows.length;
  const sum = (side: "added_lines" | "deleted_lines") => files.reduce((total, file) => total + file[side], 0);
  const total = `${counted(files.length, "file")}, +${sum("added_lines")} -${sum("deleted_lines")}`;
  return [
    columns(["FILE", "", "LINES"], rows, "no file"),
    ...(rest > 0 ? [`and ${counted(rest, "more file")}`] : []),
    total,
  ];
}

function sizeText({ added_lines, deleted_lines, ending_lines, encoding }: PathReport["files"][number]): string {
  const notes = [
    ...(ending_lines === undefined ? [] : [`${ending_lines} only in their line endings`]),
    ...(encoding === undefined ? [] : [encoding]),
  ];
  return `+${added_lines} -${deleted_lines}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`;
}

function linesOf({ added_lines, deleted_lines }: PathReport["files"][number]): number {
  return added_lines + deleted_lines;
}

function testsText({ status, fail_to_pass, pass_to_pass, newly_failing, vanished, skipped }: Checks): string {
  const list = (names: readonly string[]) =>
    summarizeList(
      names.map((name) => escapeLine(name, 100)),
      testsCharactersMax,
    );
  const facts = [
    ...(fail_to_pass.length === 0
      ? []
      : [`${fail_to_pass.length} red on the old code and green now (${list(fail_to_pass)})`]),
    `${pass_to_pass} green before and after`,
    ...(skipped === undefined ? [] : [`${skipped.tests} skipped`]),
    ...(newly_failing.length === 0 ? [] : [`${newly_failing.length} newly failing (${list(newly_failing)})`]),
    ...(vanished.length === 0 ? [] : [`${vanished.length} gone (${list(vanished)})`]),
  ];
  return `${status}; ${facts.join("; ")}`;
}
