/** A cause for a mission as its source found it, and the parts of its text. What others wrote in it is quoted or left out. */
import { escapeLine } from "@aedev/contracts";
import { type ProposalSource, proposalTitleMax } from "@aedev/contracts/events";

/** `key` names the cause by what stays, not by a line's place or newer commits. `title` becomes a commit's subject; `text` is the mission's text. */
export interface Cause {
  readonly source: ProposalSource;
  readonly key: string;
  readonly title: string;
  readonly text: string;
}

const lineMax = 300;
const keyMax = 300;

/** The key of a cause: the source's name, then what identifies the cause there. */
export function keyOf(source: ProposalSource, identity: string): string {
  return `${source} ${identity}`.slice(0, keyMax).toWellFormed();
}

/** `lines`: what follows the title; foreign text in them is `quoted`. */
export function makeCause(
  source: ProposalSource,
  { identity, title, lines }: { identity: string; title: string; lines: readonly string[] },
): Cause {
  const bounded = title.slice(0, proposalTitleMax);
  return { source, key: keyOf(source, identity), title: bounded, text: [bounded, "", ...lines].join("\n") };
}

/** ` in NAME` or the like, if the name may stand in a title; else nothing. */
export function ifPlain(before: string, name: string): string {
  return isPlain(name) ? `${before}${name}` : "";
}

/** Whether a name calls nobody, closes nothing and is short, so that it may stand in a title and a commit. */
export function isPlain(name: string): boolean {
  return /^[\w ./():,-]{1,60}$/.test(name) && !/\bGH-\d/i.test(name);
}

/** One line as code, which a Markdown reader can't take for anything else. */
export function quoted(line: string): string {
  return `    ${escapeLine(line, lineMax)}`;
}
