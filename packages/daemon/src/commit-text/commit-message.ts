/**
 * Writes a landed commit's message without its trailers: the request, its criteria, and what showed that they hold, from the specification and the sealed
 * evidence. The coder's only words in it are names of tests, without the signs on which code hosts act.
 * Folder: commit messages.
 */
import {
  actorText,
  type Checks,
  type CommitConventions,
  composedForHost,
  counted,
  escapeLine,
  fillTemplate,
  type HostText,
  hostLine,
  hostText,
  hostTitle,
  summarizeList,
  type Verdict,
  type Writer,
} from "@aedev/contracts";
import type { RevertedChange } from "@aedev/contracts/events";
import { writtenParts } from "@aedev/core";
import { isWide, terminalColumns } from "./columns.ts";
import { commitSubject, revertSubject, type SubjectForm } from "./commit-subject.ts";
import { type CommitTemplate, fillCommitTemplate, leadingKey } from "./commit-template.ts";
import { type CommitChange, commitTypeOf } from "./commit-type.ts";

const columns = 72;
const requestLinesMax = 40;
/** Far more than the lines that are kept. */
const requestCharactersMax = 8000;
const criterionCharactersMax = 300;
const testsCharactersMax = 200;

/** How the repository's commits have to read, and the change of this commit. */
export interface RepositoryCommits {
  /** The conventions in its `.aedev.yaml`, and the change; absent: none. */
  readonly conventions?: { readonly commits: CommitConventions; readonly change: CommitChange };
  /** The registration's template; absent: none. */
  readonly template?: CommitTemplate;
}

/** `approvedBy` null: the gate decided alone. `checks` null: the evidence has none. `reading`: how the repository's commits read. */
export function commitMessage(parts: {
  specification: Parameters<typeof writtenParts>[0];
  /** The writer of the mission's text. */
  writer: Writer;
  checks: Pick<Checks, "fail_to_pass" | "pass_to_pass" | "skipped"> | null;
  verdicts: readonly Pick<Verdict, "family" | "verdict">[];
  approvedBy: string | null;
  reading?: RepositoryCommits;
  /** The landed change that this one reverts. */
  reverts?: Pick<RevertedChange, "commit" | "subject"> | undefined;
}): HostText {
  const { specification, writer, checks, verdicts, approvedBy, reading = {}, reverts } = parts;
  const { text, criteria, instructions } = writtenParts(specification, writer);
  const request = hostText(withoutTrailers(text.text).trim(), text.by);
  const subject = commitSubjectOf(specification, reading, reverts, writer);
  const proofs = [
    ...(checks === null ? [] : checkLines(checks)),
    ...verdictLines(verdicts),
    ...approvalLines(approvedBy),
  ];
  const paragraphs = [
    reverts === undefined
      ? saysMore(request, subject)
        ? wrapped(request, text.by === "others" ? "> " : "")
        : []
      : [`This reverts commit ${reverts.commit}.`],
    listSection("Sent back with:", instructions.map(oneLine)),
    listSection("It is done when:", criteria.map(oneLine)),
    listSection("Shown by:", proofs),
  ];
  const said = paragraphs.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  const { below } = filledTemplate(reading, text) ?? { below: "" };
  const body = below.includes("{body}")
    ? fillTemplate(hostText(below, "home"), { body: said.join("\n\n") })
    : [...said, ...(below === "" ? [] : [hostText(below, "home")])].join("\n\n");
  return composedForHost([subject, body].filter((part) => part !== "").join("\n\n"));
}

function filledTemplate(
  { template }: RepositoryCommits,
  { text, by }: { readonly text: string; readonly by: Writer },
): ReturnType<typeof fillCommitTemplate> | undefined {
  return template === undefined ? undefined : fillCommitTemplate(template, by === "home" ? text : "");
}

/** The trailers that the repository's template asks for; null: it wants an issue, and the mission names none. */
export function templateTrailers(reading: RepositoryCommits, text: string, writer: Writer): readonly string[] | null {
  const filled = filledTemplate(reading, { text, by: writer });
  if (filled?.lacksIssue === true) return null;
  return (filled?.trailers ?? []).map((line) => hostText(line, "home"));
}

/** The last paragraph of a text, if all its lines are like `Co-authored-by: Ann <ann@example.org>`. */
const trailers =
  /(?:^|\n[ \t]*\n)((?:(?!aedev-)(?:[a-z]+(?:-[a-z]+)+|refs?|fixe[sd]|close[sd]|resolve[sd]|issue|ticket|bug|story|jira): [^\r\n]{1,500}(?:\r?\n|$))+)\s*$/i;
const trailersMax = 8;

/** The trailers that a person of the home wrote at the end of a request, for the commit. */
export function requestTrailers(text: string, writer: Writer): string[] {
  if (writer !== "home") return [];
  const lines = trailers.exec(text)?.[1]?.trim().split(/\r?\n/) ?? [];
  return lines.slice(0, trailersMax).map((line) => hostText(line, writer));
}

function withoutTrailers(text: string): string {
  return text.replace(trailers, "");
}

/** The commit's first line: the request, or the first criterion that has words. */
export function commitSubjectOf(
  specification: Parameters<typeof writtenParts>[0],
  reading: RepositoryCommits,
  reverts: Pick<RevertedChange, "subject"> | undefined,
  writer: Writer,
): HostText {
  const { text, criteria } = writtenParts(specification, writer);
  const request = hostText(withoutTrailers(text.text), text.by);
  const { conventions } = reading;
  const [before = "", after = ""] = (filledTemplate(reading, text)?.first ?? "")
    .split("{subject}", 2)
    .map((part) => hostText(part, "home"));
  const form: SubjectForm = {
    columnsMax: (conventions?.commits.subject_max ?? columns) - terminalColumns(before + after),
    type:
      conventions?.commits.style === "conventional"
        ? commitTypeOf(request, conventions.change, conventions.commits)
        : null,
  };
  const around = (subject: HostText) => (before + after === "" ? subject : hostTitle(before + subject + after, "home"));
  if (reverts !== undefined) return around(hostTitle(revertSubject(reverts.subject, form)));
  const said = commitSubject(
    before + after === "" ? request : request.replace(leadingKey, ""),
    criteria.map((criterion) => hostText(criterion.text, criterion.by)),
    form,
  );
  return around(hostTitle(said || commitSubject("Land a judged change", [], form), writer));
}

/** True if the request has a word that the subject lacks. */
function saysMore(text: string, subject: string): boolean {
  const words = (one: string) => one.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const said = new Set(words(subject));
  return words(text).some((one) => !said.has(one));
}

/** Removes all but plain signs: "closes #12", "@somebody", "[skip ci]" and addresses would close issues, call people and stop checks. */
const acting = /[^\p{L}\p{N} >.,()'_=+]+/gu;

function checkLines({
  fail_to_pass,
  pass_to_pass,
  skipped,
}: Pick<Checks, "fail_to_pass" | "pass_to_pass" | "skipped">): string[] {
  const added = fail_to_pass.map((name) => oneLine({ text: name.replaceAll(acting, " "), by: "others" }));
  return [
    ...(added.length === 0
      ? []
      : [
          `${counted(added.length, "test")} that ${added.length === 1 ? "fails" : "fail"} on the code before and ${
            added.length === 1 ? "passes" : "pass"
          } now: ${summarizeList(added, testsCharactersMax)}`,
        ]),
    ...(pass_to_pass === 0
      ? []
      : [`${counted(pass_to_pass, "test")} that ${pass_to_pass === 1 ? "passes" : "pass"} before and after`]),
    ...(skipped === undefined ? [] : [`${counted(skipped.tests, "test")} skipped`]),
  ];
}

function verdictLines(verdicts: readonly Pick<Verdict, "family" | "verdict">[]): string[] {
  if (verdicts.length === 0) return [];
  return [`judges: ${verdicts.map(({ family, verdict }) => `${family} ${verdict}`).join(", ")}`];
}

function approvalLines(by: string | null): string[] {
  return by === null ? [] : [`approved by ${escapeLine(actorText(by), 80)}`];
}

function oneLine({ text, by }: { text: string; by: Writer }): HostText {
  return hostLine(text, criterionCharactersMax, by);
}

function listSection(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, ...items.flatMap((item) => fold(item, { first: "- ", next: "  " }))];
}

/** Lines of at most 72 columns; code blocks stay unchanged. `mark` begins each line, because a quoted line begins no trailer, command or patch. */
function wrapped(text: string, mark: "" | "> "): string[] {
  let inCode = false;
  const lines = text
    .slice(0, requestCharactersMax)
    .replace(/\n(?:[ \t\r]*\n){2,}/g, "\n\n")
    .split(/\r?\n/)
    .flatMap((line) => {
      const isFence = /^\s*(?:```|~~~)/.test(line);
      if (isFence) inCode = !inCode;
      if (isFence || inCode) return [`${mark}${line}`.trimEnd()];
      const { first, next } = indentOf(line);
      return fold(line.trimEnd(), { first: mark + first, next: mark + next });
    });
  return lines.length <= requestLinesMax && text.length <= requestCharactersMax
    ? lines
    : [...lines.slice(0, requestLinesMax), "(The specification has the rest.)"];
}

/** The indentation below which a wrapped list item continues. */
function indentOf(line: string): { first: string; next: string } {
  const mark = line.match(/^\s*(?:[-*+•]|\d{1,3}[.)])\s+/)?.[0] ?? "";
  return { first: "", next: " ".repeat(mark.length) };
}

function fold(line: string, { first, next }: { first: string; next: string }): string[] {
  const lines: string[] = [];
  let current = first;
  let width = terminalColumns(first);
  let isEmpty = true;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "word" }).segment(line)) {
    const breaks = !isEmpty && width + terminalColumns(segment.trimEnd()) > columns && mayBreakBefore(current, segment);
    if (breaks) {
      lines.push(current.trimEnd());
      current = next;
      width = terminalColumns(next);
    }
    const added = breaks ? segment.trimStart() : segment;
    current += added;
    width += terminalColumns(added);
    isEmpty = false;
  }
  return [...lines, current.trimEnd()];
}

/** After a space, or between characters of a script without spaces, unless the line would begin with a punctuation mark. */
function mayBreakBefore(current: string, segment: string): boolean {
  return /\s/u.test(current.slice(-1)) || (isWide(segment) && !/^\p{P}/u.test(segment));
}
