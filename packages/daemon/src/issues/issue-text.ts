/** Makes a mission's text of an issue's title and body, without what GitHub hides from readers. */
import { withoutInvisibles } from "@aedev/contracts";
import { gitHubLoginSchema } from "@aedev/contracts/events";
import { sha256 } from "@aedev/host/sha256";
import type { IssueEvent, IssueText } from "../github/issues.ts";
import { readVisible } from "../visible/read-visible.ts";

/** The mission's text: the title as its first line, then what a reader of the body sees. `left_out`: what nobody sees there. */
export async function missionTextOf({
  title,
  body,
}: Pick<IssueText, "title" | "body">): Promise<{ readonly text: string; readonly left_out: readonly string[] }> {
  const [read] = await readVisible([body]);
  const line = withoutInvisibles(title).replace(/\s+/gu, " ").trim();
  return { text: `${line}\n\n${read?.text ?? ""}`.trim(), left_out: read?.leftOut ?? [] };
}

/** Identifies title and text as GitHub gave them. */
export function textDigestOf({ title, body }: Pick<IssueText, "title" | "body">): string {
  return sha256(JSON.stringify([title, body]));
}

/** Logins of everybody whom GitHub names as a writer of title or text. Nothing is known of names that don't have GitHub's form. */
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

/** The event that gave the issue its present label; null if it has none according to these events. GitHub ignores the case of labels. */
export function labelEventOf(events: readonly IssueEvent[], label: string): IssueEvent | null {
  const last = events.findLast(
    ({ event, label: named }) =>
      (event === "labeled" || event === "unlabeled") && named?.name?.toLowerCase() === label.toLowerCase(),
  );
  return last?.event === "labeled" ? last : null;
}

/**
 * Whether title and text are those of the moment at which the label was set. GitHub's times are whole seconds, so an edit in the same second may have come
 * after the label. `events` must have been read after `text`.
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
