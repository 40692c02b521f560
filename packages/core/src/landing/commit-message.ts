/**
 * The message of a landed commit without its trailers: what was asked for, by which criteria, and what showed that it holds. All of it is from
 * the specification and the sealed evidence. The only words of the coder's are names of tests, without the signs on which hosts of code act.
 *
 * Folder: the message of a landed commit, the body of its pull request, the order in which changes land.
 */
import {
  actorText,
  type Checks,
  type CommitConventions,
  counted,
  escapeLine,
  escapeText,
  type Specification,
  summarizeList,
  type Verdict,
} from "@aedev/contracts";
import type { RevertedChange } from "@aedev/contracts/events";
import { isWide, terminalColumns } from "./columns.ts";
import { commitSubject, revertSubject, type SubjectForm } from "./commit-subject.ts";
import { type CommitChange, commitTypeOf } from "./commit-type.ts";

const columns = 72;
const requestLinesMax = 40;
/** Far more than the lines that are kept have. */
const requestCharactersMax = 8000;
const criterionCharactersMax = 300;
const testsCharactersMax = 200;

/** How the repository wants its commits to read, and the change that one is about. */
export interface RepositoryCommits {
  readonly commits: CommitConventions;
  readonly change: CommitChange;
}

/** `approvedBy`: null if the gate decided alone. `checks`: null if the evidence has none. `conventions`: the repository's; missing: a sentence. */
export function commitMessage(parts: {
  specification: Pick<Specification, "text" | "criteria" | "instructions">;
  checks: Pick<Checks, "fail_to_pass" | "pass_to_pass"> | null;
  verdicts: readonly Pick<Verdict, "family" | "verdict">[];
  approvedBy: string | null;
  conventions?: RepositoryCommits | undefined;
  /** The landed change that it takes back. */
  reverts?: Pick<RevertedChange, "commit" | "subject"> | undefined;
}): string {
  const { specification, checks, verdicts, approvedBy, conventions, reverts } = parts;
  const { text, criteria, instructions = [] } = specification;
  const subject = commitSubjectOf(specification, conventions, reverts);
  const proofs = [
    ...(checks === null ? [] : checkLines(checks)),
    ...verdictLines(verdicts),
    ...approvalLines(approvedBy),
  ];
  const paragraphs = [
    reverts === undefined
      ? saysMore(text, subject)
        ? wrapped(escapeText(text.trim()))
        : []
      : [`This reverts commit ${reverts.commit}.`],
    list("Sent back with:", instructions.map(oneLine)),
    list(
      "It is done when:",
      criteria.map((criterion) => oneLine(criterion.text)),
    ),
    list("Shown by:", proofs),
  ];
  return [subject, ...paragraphs.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"))].join("\n\n");
}

/** The commit's first line: the request, or the first criterion that has words. */
export function commitSubjectOf(
  { text, criteria }: Pick<Specification, "text" | "criteria">,
  conventions?: RepositoryCommits,
  reverts?: Pick<RevertedChange, "subject">,
): string {
  const form: SubjectForm = {
    columnsMax: conventions?.commits.subject_max,
    type:
      conventions?.commits.style === "conventional"
        ? commitTypeOf(text, conventions.change, conventions.commits)
        : null,
  };
  if (reverts !== undefined) return revertSubject(reverts.subject, form);
  const said = commitSubject(
    text,
    criteria.map((criterion) => criterion.text),
    form,
  );
  return said || commitSubject("Land a judged change", [], form);
}

/** True if the request has a word that the subject lacks. */
function saysMore(text: string, subject: string): boolean {
  const words = (one: string) => one.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const said = new Set(words(subject));
  return words(text).some((one) => !said.has(one));
}

/** "closes #12", "fixes GH-12", "@somebody", "[skip ci]" and addresses would close issues, call people and stop checks: only plain signs are left. */
const acting = /[^\p{L}\p{N} >.,()'_=+]+/gu;

function checkLines({ fail_to_pass, pass_to_pass }: Pick<Checks, "fail_to_pass" | "pass_to_pass">): string[] {
  const added = fail_to_pass.map((name) => oneLine(name.replaceAll(acting, " ")));
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
  ];
}

function verdictLines(verdicts: readonly Pick<Verdict, "family" | "verdict">[]): string[] {
  if (verdicts.length === 0) return [];
  return [`judges: ${verdicts.map(({ family, verdict }) => `${family} ${verdict}`).join(", ")}`];
}

function approvalLines(by: string | null): string[] {
  return by === null ? [] : [`approved by ${escapeLine(actorText(by), 80)}`];
}

function oneLine(text: string): string {
  return escapeLine(text, criterionCharactersMax);
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, ...items.flatMap((item) => fold(item, { first: "- ", next: "  " }))];
}

/** Lines of at most 72 columns; code blocks stay as they are. */
function wrapped(text: string): string[] {
  let inCode = false;
  const lines = text
    .slice(0, requestCharactersMax)
    .split(/\r?\n/)
    .flatMap((line) => {
      const isFence = /^\s*(?:```|~~~)/.test(line);
      if (isFence) inCode = !inCode;
      return isFence || inCode ? [line.trimEnd()] : fold(line.trimEnd(), indentOf(line));
    });
  const kept = lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .split("\n");
  return kept.length <= requestLinesMax && text.length <= requestCharactersMax
    ? kept
    : [...kept.slice(0, requestLinesMax), "(The specification has the rest.)"];
}

/** A wrapped item of a list goes on below its text. */
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

/** After a space, or between characters of a script without spaces unless a mark would stand first in the line. */
function mayBreakBefore(current: string, segment: string): boolean {
  return /\s/u.test(current.slice(-1)) || (isWide(segment) && !/^\p{P}/u.test(segment));
}
