/** A cause for a mission, as its source found it, and the text of the proposal made of it. What others wrote in it is quoted or left out. */
import { escapeLine } from "@aedev/contracts";
import { type IntakeSource, intakeSourceSchema, proposalTitleMax } from "@aedev/contracts/events";

/** A cause. `name` and `said` are foreign: one line each, without control characters. */
export type Cause =
  | { readonly source: "failing-check"; readonly name: string; readonly commit: string; readonly url: string | null }
  | { readonly source: "todo"; readonly path: string; readonly line: number; readonly said: string }
  | Alert;
/** An open Dependabot alert. `patched`: the first version without the flaw; null: there is none. */
export interface Alert {
  readonly source: "dependabot";
  /** GitHub's number of the advisory. */
  readonly advisory: string;
  readonly dependency: string;
  readonly manifest: string;
  readonly vulnerable: string;
  readonly patched: string | null;
  readonly severity: string;
  readonly summary: string;
  readonly url: string;
}

const lineMax = 300;

/** Names the cause by what stays, not by a line's place or newer commits. */
export function keyOf(cause: Cause): string {
  switch (cause.source) {
    case "todo":
      return `todo ${cause.path}: ${cause.said}`.slice(0, 300).toWellFormed();
    case "failing-check":
      return checkKey(cause.name);
    case "dependabot":
      return `dependabot ${cause.advisory} ${cause.dependency} in ${cause.manifest}`.slice(0, 300).toWellFormed();
  }
}

/** The key of a check. */
export function checkKey(name: string): string {
  return `failing-check ${name}`;
}

/** The source of a key. */
export function sourceOfKey(key: string): IntakeSource {
  return intakeSourceSchema.parse(key.split(" ", 1)[0]);
}

/** What a person reads, and the mission's text if it is accepted. The title becomes a commit's subject, so only plain names are in it. */
export function proposalText(cause: Cause): { title: string; text: string } {
  if (cause.source === "todo") {
    const title = `Do what a TODO${isPlain(cause.path) ? ` in ${cause.path}` : ""} asks for`;
    const place = `The TODO is in line ${cause.line} of this file; remove it with the change:`;
    return { title, text: [title, "", place, quoted(cause.path), "", "It says:", quoted(cause.said)].join("\n") };
  }
  if (cause.source === "dependabot") return alertText(cause);
  const title = `Make the check${isPlain(cause.name) ? ` ${cause.name}` : ""} pass on the default branch`;
  const lines = [quoted(cause.name), ...(cause.url === null ? [] : ["", "GitHub shows it at:", quoted(cause.url)])];
  return { title, text: [title, "", `This check failed on commit ${cause.commit}:`, ...lines].join("\n") };
}

function alertText({ dependency, manifest, vulnerable, patched, severity, summary, url, advisory }: Alert) {
  const isNamed = isPlain(dependency) && (patched === null || isPlain(patched));
  const what = patched === null ? `Replace ${dependency}` : `Update ${dependency} to ${patched} or later`;
  const named = `${what} because of ${advisory}`;
  const unnamed = `${patched === null ? "Replace" : "Update"} a dependency that has a known flaw`;
  const title = isNamed && named.length <= proposalTitleMax ? named : unnamed;
  const facts = [
    `dependency: ${dependency}`,
    `in: ${manifest}`,
    `versions with the flaw: ${vulnerable}`,
    `first version without it: ${patched ?? "none yet"}`,
    `severity: ${severity}`,
    `flaw: ${summary}`,
    `at GitHub: ${url}`,
  ];
  return { title, text: [title, "", `GitHub's alert ${advisory} says:`, ...facts.map(quoted)].join("\n") };
}

/** Whether a name calls nobody, closes nothing and is short, so that it may stand in a title and a commit. */
function isPlain(name: string): boolean {
  return /^[\w ./():,-]{1,60}$/.test(name) && !/\bGH-\d/i.test(name);
}

/** One line as code, which a Markdown reader can't take for anything else. */
function quoted(line: string): string {
  return `    ${escapeLine(line, lineMax)}`;
}
