/** What a mission is told of an issue: its title and its text, without what GitHub hides from readers. */
import { withoutInvisibles } from "@aedev/contracts";
import { gitHubLoginSchema } from "@aedev/contracts/events";
import { sha256 } from "@aedev/host/sha256";
import type { IssueEvent, IssueText } from "../github/issues.ts";
import { readVisible } from "../visible/read-visible.ts";

/** The text of a mission: the title is its first line, then what a reader of the issue sees of its body. `left_out`: what nobody sees there. */
export async function missionTextOf({
  title,
  body,
}: Pick<IssueText, "title" | "body">): Promise<{ readonly text: string; readonly left_out: readonly string[] }> {
  const [read] = await readVisible([body]);
  const line = withoutInvisibles(title).replace(/\s+/gu, " ").trim();
  return { text: `${line}\n\n${read?.text ?? ""}`.trim(), left_out: read?.leftOut ?? [] };
}

/** Names title and text as GitHub gave them. */
export function textDigestOf({ title, body }: Pick<IssueText, "title" | "body">): string {
  return sha256(JSON.stringify([title, body]));
}

/** Logins of whom GitHub names as a writer of title or text; of names that are none of GitHub's form, nothing is known. */
export function writersOfText(
  { author, editor }: Pick<IssueText, "author" | "editor">,
  events: readonly IssueEvent[],
): string[] {
  const renamers = events.filter(({ event }) => event === "renamed").map(({ actor }) => actor?.login);
  const logins = [author?.login, editor?.login, ...renamers].flatMap((login) => {
    const known = gitHubLoginSchema.safeParse(login);
    return known.success ? [known.data] : [];
  });
  return [...new Set(logins)].slice(0, writersMax);
}
const writersMax = 20;

/** The event by which the issue has the label now; null if it has not, by these events. GitHub ignores the case of labels. */
export function labelEventOf(events: readonly IssueEvent[], label: string): IssueEvent | null {
  const last = events.findLast(
    ({ event, label: named }) =>
      (event === "labeled" || event === "unlabeled") && named?.name?.toLowerCase() === label.toLowerCase(),
  );
  return last?.event === "labeled" ? last : null;
}

/**
 * Whether title and text are those of the instant at which the label was set. GitHub's instants are whole seconds: what was edited in the same
 * second may have been edited after the label. `events` must have been read after `text`.
 */
export function isTextOfLabel(
  text: Pick<IssueText, "lastEditedAt">,
  labeled: Pick<IssueEvent, "id" | "created_at">,
  events: readonly IssueEvent[],
): boolean {
  const at = Date.parse(labeled.created_at);
  if (text.lastEditedAt !== null && Date.parse(text.lastEditedAt) >= at) return false;
  return !events.some(
    ({ event, id, created_at }) => event === "renamed" && (id > labeled.id || Date.parse(created_at) > at),
  );
}
