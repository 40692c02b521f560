/** Fills a repository's commit template with a mission's values: the first line around the subject, the text below it, and its trailers. */
import { fillTemplate, isStandard } from "@aedev/contracts";

/** A template and its values. */
export interface CommitTemplate {
  readonly text: string;
  readonly mission: string;
  readonly task: string;
  /** The number of the issue that the mission was made from; absent: none. */
  readonly issue?: number | undefined;
}

interface FilledTemplate {
  /** The first line with `{subject}`; null: the subject stands alone. */
  readonly first: string | null;
  /** The text below the first line, with `{body}` where the body goes. */
  readonly below: string;
  /** Lines for the commit's trailers, if every line of the footer is a trailer. */
  readonly trailers: readonly string[];
  /** True if the template wants an issue and the mission names none. */
  readonly lacksIssue: boolean;
}

const trailer = /^[A-Za-z][A-Za-z-]{0,40}: \S[^\r\n]{0,490}$/u;

/** `text`: the person's own words; empty if somebody else wrote the mission, because their words must not name an issue. */
export function fillCommitTemplate({ text: template, issue, ...ids }: CommitTemplate, text: string): FilledTemplate {
  const number = issue === undefined ? issueNumberIn(text) : String(issue);
  const key = issueKeyIn(text);
  // "#{issue}" can only be a number; any other place prefers a tracker's key.
  const numbered = number === null ? template : template.replaceAll("#{issue}", `#${number}`);
  const lacksIssue = numbered.includes("#{issue}") || (numbered.includes("{issue}") && key === null && number === null);
  const filled = lacksIssue ? fillTemplate(template, ids) : fillTemplate(numbered, { issue: key ?? number, ...ids });
  const [head = "", ...rest] = filled.split("\n");
  const first = head.includes("{subject}") ? head : null;
  const below = (first === null ? filled : rest.join("\n")).trim();
  const lines = below.split("\n");
  const areTrailers = below !== "" && lines.every((line) => trailer.test(line));
  return areTrailers ? { first, below: "", trailers: lines, lacksIssue } : { first, below, trailers: [], lacksIssue };
}

/** Words after which a number or key is an issue. */
const referring = `(?:refs?|references|fix(?:e[sd])?|clos(?:e[sd]?|ing)|resolv(?:e[sd]?|ing)|see|part of|issue|ticket|bug|story|task|jira)`;
const keyPattern = String.raw`([A-Z][A-Z0-9_]{1,15}-\d{1,9})`;
/** A ticket at the start of a subject, dropped if the template has it already. */
export const leadingKey = new RegExp(String.raw`^\s*\[?${keyPattern}(?:\]?[:\s-]+|\])`, "u");
const keyPlaces = [
  new RegExp(String.raw`^\s*\[?${keyPattern}(?=[\]:\s])`, "u"),
  new RegExp(String.raw`\b${referring}\b[\s:]{1,3}\[?${keyPattern}\b`, "iu"),
  new RegExp(String.raw`\[${keyPattern}\]`, "u"),
  new RegExp(String.raw`^\s*${keyPattern}\s*$`, "mu"),
];
const numberPlaces = [
  new RegExp(String.raw`\b${referring}\b[\s:]{1,3}(?:#|GH-)(\d{1,9})\b`, "iu"),
  /(?<![\p{L}\p{N}_&/#"'`])(?:#|GH-)(\d{1,9})(?=[\s).,;:!?\]]|$)/u,
];

/** The key of a ticket that a text refers to, such as `PROJ-7`, but not a standard such as UTF-8. */
function issueKeyIn(text: string): string | null {
  const found = keyPlaces.map((place) => place.exec(text)?.[1]).filter((one) => one !== undefined);
  return found.find((one) => one === one.toUpperCase() && !isStandard(one.slice(0, one.lastIndexOf("-")))) ?? null;
}

/** The number of the issue that a text refers to, such as 31 in "(#31)". */
function issueNumberIn(text: string): string | null {
  return numberPlaces.map((place) => place.exec(text)?.[1]).find((one) => one !== undefined) ?? null;
}
