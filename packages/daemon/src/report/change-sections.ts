/** The sections about the change: architecture, implementation, security. */
import { captureNoteLines, counted, summarizeList, testChangeLines } from "@aedev/contracts";
import type { ReportStatement } from "@aedev/contracts/api";
import type { ReportEntries, TaskFacts } from "./facts.ts";
import {
  atEvent,
  eventsOf,
  evidenceProblem,
  firstOf,
  fromEntry,
  lastOfTask,
  linesOr,
  stated,
  unchanged,
} from "./statements.ts";

const namesCharactersMax = 400;

export function architecture(facts: TaskFacts): ReportStatement[] {
  return [
    ...evidenceProblem(facts),
    ...fromEntry(facts, "change-kinds", ({ files, refactoring }) => [
      `Kinds of changed files: ${countsText(files.map(({ kind }) => kind)) || "not determined; every file counts as code"}`,
      ...firstOf(
        files.flatMap(({ path, named_by }) => (named_by === null ? [] : [`Used elsewhere: ${path}: ${named_by}`])),
      ),
      ...(refactoring === undefined || refactoring.lost.length === 0
        ? []
        : [`Gone or with other parameters: ${summarizeList(refactoring.lost, namesCharactersMax)}`]),
    ]),
    ...fromEntry(facts, "path-report", ({ files, renames }) => [
      `Folders with changed files: ${countsText(files.map(({ path }) => folderOf(path))) || "none"}`,
      ...firstOf(renames.map(({ from, to, similarity }) => `Renamed (${similarity} % the same): ${from} to ${to}`)),
    ]),
  ];
}

/** `code (2), document (1)`. */
function countsText(names: readonly string[]): string {
  const counts = Map.groupBy(names, (name) => name);
  const texts = [...counts].map(([name, all]) => `${name} (${all.length})`);
  return summarizeList(texts.toSorted(), namesCharactersMax);
}

function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "the root" : path.slice(0, end);
}

export function implementation(facts: TaskFacts): ReportStatement[] {
  const { task, events } = facts;
  const runs = eventsOf(events, "RunStarted", "RevertPrepared").map((event) => {
    const { run_id, attempt, base_commit } = event.data;
    const outcome = task.runs.find((run) => run.run_id === run_id)?.outcome ?? null;
    const end = outcome === null ? "no outcome yet" : [outcome.answer, outcome.code ?? ""].join(" ").trim();
    const commit = { kind: "commit", commit: base_commit, position: event.position } as const;
    return stated(`Run ${attempt} (${run_id}) on commit ${base_commit}: ${end}`, atEvent(event), commit);
  });
  return [
    ...runs,
    ...evidenceProblem(facts),
    ...fromEntry(facts, "path-report", ({ files, capture_notes, byte_changes = [] }) => [
      `${counted(files.length, "file")} changed, ${sum(files, "added_lines")} lines added, ${sum(files, "deleted_lines")} deleted`,
      ...firstOf(
        files.map(
          ({ path, status, added_lines, deleted_lines }) => `${status}, +${added_lines} -${deleted_lines}: ${path}`,
        ),
      ),
      ...captureNoteLines(capture_notes, unchanged),
      ...firstOf(
        byte_changes.map(
          ({ path, kind, lines }) => `${kind.replaceAll("-", " ")} (${counted(lines, "line")}): ${path}`,
        ),
      ),
    ]),
    ...fromEntry(facts, "test-changes", (changes) => linesOr(testChangeLines(changes), "No test changed.")),
  ];
}

function sum(files: ReportEntries["path-report"]["files"], key: "added_lines" | "deleted_lines"): number {
  return files.reduce((total, file) => total + file[key], 0);
}

export function security(facts: TaskFacts): ReportStatement[] {
  const refused = eventsOf(facts.events, "RequestRefused").map((event) =>
    stated(`Refused in run ${event.data.run_id}: ${event.data.what}`, atEvent(event)),
  );
  return [
    ...evidenceProblem(facts),
    ...fromEntry(facts, "secret-report", ({ scanner, findings }) =>
      linesOr(
        findings.map(({ path, line, rule }) => `Possible secret (${rule}): ${path}:${line}`),
        `The scanner ${scanner} found no secret.`,
      ),
    ),
    ...fromEntry(facts, "path-report", ({ forbidden, unsafe, never_by_itself }) =>
      linesOr(
        [
          ...forbidden.map(({ path, rule }) => `Forbidden path (${rule}): ${path}`),
          ...unsafe.map(({ path, why }) => `Unsafe path (${why}): ${path}`),
          ...never_by_itself.map(({ path, rule }) => `Never merges by itself (${rule}): ${path}`),
        ],
        "No changed path is forbidden, unsafe or barred from merging by itself.",
      ),
    ),
    ...fromEntry(facts, "dependency-changes", ({ changes }) =>
      linesOr(
        changes.map(
          ({ name, file, from, to, suspicious }) =>
            `Dependency ${name} in ${file}: ${from ?? "none"} to ${to ?? "none"}${suspicious === null ? "" : `: ${suspicious}`}`,
        ),
        "No dependency changed.",
      ),
    ),
    ...fromEntry(facts, "dependency-records", ({ packages }) => firstOf(packages.flatMap(recordLines)), {
      isOptional: true,
    }),
    ...(refused.length === 0 ? [stated("No request of a run was refused.", lastOfTask(facts))] : refused),
  ];
}

function recordLines(record: ReportEntries["dependency-records"]["packages"][number]): string[] {
  const { name, to, withdrawn, unknown, new_install_script, hash } = record;
  return [
    ...(withdrawn === null ? [] : [`The registry advises against ${name} ${to}: ${withdrawn}`]),
    ...(unknown === null ? [] : [`The registry was not asked about ${name} ${to}: ${unknown}`]),
    ...(new_install_script === true ? [`${name} ${to} newly runs code at its installation.`] : []),
    ...(hash === "other" ? [`The hashes of ${name} ${to} are not the registry's.`] : []),
  ];
}
