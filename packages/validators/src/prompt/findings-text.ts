/** Renders the findings about a change for a judge: checks, test changes, paths, dependencies, mutants. Lists are bounded, and claims about the change are never included. */
import {
  type ByteChange,
  type Checks,
  captureNoteLines,
  type DependencyChanges,
  type DependencyRecords,
  type MutationSample,
  type PathReport,
  type RevertReport,
  reasonText,
  type TestChanges,
  type TestFinding,
  type ViewName,
} from "@aedev/contracts";
import { listedTestsMax } from "./bounds.ts";
import { listed } from "./capped.ts";

export function checksText(checks: Checks): string[] {
  const named = (what: string, ids: readonly string[]) => listed(what, ids, listedTestsMax);
  return [
    `status: ${checks.status}`,
    `tests green on the old and on the new code: ${checks.pass_to_pass}`,
    ...(checks.skipped === undefined ? [] : [`tests that are skipped: ${checks.skipped.tests}`]),
    `tests that the change adds: ${newTests[checks.new_tests]}`,
    ...named("red on the old code, green on the new", checks.fail_to_pass),
    ...(checks.undone === undefined
      ? []
      : named(
          "broken only in the form that the reverted change gave them; nothing fails in the form before it",
          checks.undone,
        )),
    ...named("newly failing", checks.newly_failing),
    ...named("newly failing only as the base wrote it, the change's own form passes", checks.outdated),
    ...named(
      "newly failing only with the base's control files, they pass with the change's own",
      checks.needs_own_control,
    ),
    ...named("vanished", checks.vanished),
    ...named("newly skipped", checks.newly_skipped),
    ...named("newly flaky", checks.newly_flaky),
    ...named("flaky before the change too, says nothing", checks.flaky),
    ...named("reason", checks.reasons),
  ];
}

const newTests: Record<Checks["new_tests"], string> = {
  "red-on-base": "at least one is red on the old code",
  "green-on-base": "none is red on the old code, so they do not test the change",
  none: "none",
  unknown: "not known",
};

/** A finding quotes code of the change, so the blanked view omits its text. */
export function testChangesLines({ files, settings, code_findings }: TestChanges, view: ViewName): string[] {
  const lines = files.flatMap((file) => [
    `${file.status} ${file.path}: assertions ${file.assertions_before} before, ${file.assertions_after} after (read ${readAs[file.parser]})`,
    ...(file.moved_assertions === 0
      ? []
      : [`  assertions moved word for word to another file: ${file.moved_assertions}`]),
    ...(file.support_changed ? ["  what its tests share changed too"] : []),
    ...listed("  changed test", file.changed_tests, listedTestsMax),
    ...listed("  added test", file.added_tests, listedTestsMax),
    ...listed(
      "  renamed test",
      file.renamed_tests.map(({ from, to }) => `${from}, now ${to}`),
      listedTestsMax,
    ),
    ...file.findings.map((finding) => `  ${findingText(finding, view)}`),
  ]);
  const settled = settings.map(({ path, kind }) => `changed ${kind} settings: ${path}`);
  const inCode = code_findings.map((finding) => `in the code ${finding.path}: ${findingText(finding, view)}`);
  const all = [...lines, ...settled, ...inCode];
  return all.length === 0 ? ["no test file and no test setting changed"] : all;
}

function findingText({ kind, test, line, text }: TestFinding, view: ViewName): string {
  const named = test === null ? [] : [`in ${test}`];
  return [`${kind} at line ${line}`, ...named, ...(view === "plain" ? [text] : [])].join(": ");
}

const readAs: Record<TestChanges["files"][number]["parser"], string> = {
  javascript: "as a syntax tree",
  python: "as a syntax tree",
  lines: "not test by test, which sees less",
};

/** The state that a revert goes back to, and the later changes that it keeps. */
export function revertReportLines({ commit, before, restored, merged }: RevertReport): string[] {
  return [
    `this change takes back commit ${commit}; the commit before it is ${before}`,
    ...restored.map((path) => `exactly as before it: ${path}`),
    ...merged.map((path) => `its lines taken back, later changes stay: ${path}`),
  ];
}

export function pathReportText(report: PathReport): string[] {
  const { files, renames, forbidden, unsafe, never_by_itself, byte_changes = [], capture_notes } = report;
  return [
    ...files.map(
      (file) =>
        `${file.status} ${file.path}: mode ${file.old_mode} to ${file.new_mode}, ${file.added_lines} lines added, ${file.deleted_lines} deleted${file.binary ? ", not text" : ""}${file.encoding === undefined ? "" : `, in ${file.encoding}`}${file.ending_lines === undefined ? "" : `; ${file.ending_lines} of these lines differ in nothing but their ending`}`,
    ),
    ...renames.map(({ from, to, similarity }) => `renamed ${from} to ${to} (${similarity} % alike)`),
    ...forbidden.map(({ path, rule }) => `forbidden: ${path} (${rule})`),
    ...unsafe.map(({ path, why }) => `unsafe: ${path} (${why})`),
    ...never_by_itself.map(({ path, rule }) => `a person decides about: ${path} (${rule})`),
    ...byte_changes.map((change) => byteChangeText(change)),
    ...captureNoteLines(capture_notes, (path) => path),
  ];
}

function byteChangeText({ path, kind: change, lines, letters, from, to, examples }: ByteChange): string {
  const [example] = examples;
  const named = { path, change, lines, letters, from: from ?? null, to: to ?? null, example: example ?? null };
  return `bytes that nobody edited: ${reasonText({ kind: "bytes-changed", ...named })}`;
}

export function dependencyChangesText({ changes }: DependencyChanges): string[] {
  if (changes.length === 0) return ["no dependency changed"];
  return changes.map(
    ({ file, name, from, to, suspicious }) =>
      `${name} in ${file}: ${from ?? "none"} to ${to ?? "none"}${suspicious === null ? "" : `; ${suspicious}`}`,
  );
}

export function dependencyRecordsText({ packages }: DependencyRecords): string[] {
  return packages.map(({ name, file, from, to, unknown, age_days, hash, new_install_script, licence, withdrawn }) => {
    if (unknown !== null) return `${name} in ${file}: ${from} to ${to}; the registry was not compared: ${unknown}`;
    const [before, after] = licence;
    const facts = [
      `released ${age_days ?? "an unknown number of"} days ago`,
      `its hash: ${hash ?? "unknown"}`,
      `a new program at installation: ${new_install_script ?? "unknown"}`,
      `its licence: ${before ?? "unknown"} to ${after ?? "unknown"}`,
      ...(withdrawn === null ? [] : [`withdrawn: ${withdrawn}`]),
    ];
    return `${name} in ${file}: ${from} to ${to}; by its registry ${facts.join(", ")}`;
  });
}

/** A surviving mutant quotes code of the change, so the blanked view omits its replacement too. */
export function mutationSampleText(sample: MutationSample, view: ViewName): string[] {
  const { mutants, killed, survived, timed_out, not_covered, survivors, lines, why_not } = sample;
  return [
    ...(why_not === null ? [] : [`not complete: ${why_not}`]),
    `${mutants} mutants on ${lines} changed lines: ${killed} noticed by a test, ${survived} by none, ${timed_out} timed out, ${not_covered} on lines that no test runs`,
    ...survivors.map(({ file, line, mutator, replacement }) =>
      [`survived: ${file} line ${line}`, mutator, ...(view === "plain" ? [replacement] : [])].join(": "),
    ),
  ];
}
