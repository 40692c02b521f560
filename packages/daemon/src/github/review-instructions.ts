/**
 * Reads from a pull request what people want changed: reviews that request changes, with their line comments, and plain comments that begin with `/aedev
 * change`. It only judges who may ask; everything that it returns is foreign text.
 */
import { z } from "zod";
import { readComments } from "./comments.ts";
import { type GitHubConnection, readAll } from "./connection.ts";
import type { personSchema } from "./person.ts";
import { readNewestReviews } from "./reviews.ts";
import { mayWrite } from "./write-access.ts";

/** The start of a plain comment that asks for a change. */
const changeCommand = "/aedev change";

/** Pages of 100 line comments that are read. */
const pagesMax = 10;
/** How many new requests one look handles; the next look handles more. */
const handledMax = 20;

const lineCommentsSchema = z.array(
  z.object({
    id: z.int().positive(),
    pull_request_review_id: z.int().positive().nullable(),
    path: z.string(),
    line: z.int().positive().nullish(),
    original_line: z.int().positive().nullish(),
    body: z.string(),
  }),
);
/** A person's request for a change. `place`: the line that a part is about; null for the whole change. */
export interface RequestedChange {
  readonly kind: "review" | "comment";
  readonly id: number;
  readonly login: string;
  /** `yes`: the words may become an instruction. */
  readonly may: "yes" | "no-write-access" | "bot";
  readonly parts: readonly { readonly place: { path: string; line: number | null } | null; readonly text: string }[];
}

/** The requests that nobody has handled yet, oldest first. Of each person's reviews only the newest decisive one counts. Throws as `sendChange` does. */
export async function readRequestedChanges(
  gitHub: GitHubConnection,
  { number, isKnown }: { number: number; isKnown: (review: Pick<RequestedChange, "kind" | "id">) => boolean },
): Promise<RequestedChange[]> {
  const reviews = await newReviews(gitHub, number, isKnown);
  const comments = await newComments(gitHub, number, isKnown);
  const onLines = reviews.length === 0 ? new Map<number, RequestedChange["parts"]>() : await lineParts(gitHub, number);
  const access = new Map<string, Promise<RequestedChange["may"]>>();
  const found: RequestedChange[] = [];
  // Anybody may comment, so people who may have access come first and strangers can't keep them out.
  const strangersLast = [...reviews, ...comments].toSorted(
    (left, right) => Number(mayHaveAccess.has(right.association)) - Number(mayHaveAccess.has(left.association)),
  );
  for (const { kind, id, body, user, association } of strangersLast.slice(0, handledMax)) {
    const may = access.get(user.login) ?? accessOf(gitHub, user, { kind, association });
    access.set(user.login, may);
    const whole = body.trim() === "" ? [] : [{ place: null, text: body }];
    const parts = kind === "review" ? [...whole, ...(onLines.get(id) ?? [])] : whole;
    found.push({ kind, id, login: user.login, may: await may, parts });
  }
  return found;
}

interface Candidate {
  readonly kind: "review" | "comment";
  readonly id: number;
  readonly body: string;
  readonly user: z.infer<typeof personSchema>;
  readonly association: string;
}
type IsKnown = (review: Pick<Candidate, "kind" | "id">) => boolean;

async function newReviews(gitHub: GitHubConnection, number: number, isKnown: IsKnown): Promise<Candidate[]> {
  const reviews = await readNewestReviews(gitHub, number);
  return reviews
    .filter(({ state }) => state === "CHANGES_REQUESTED")
    .map(({ id, body, user, association }) => ({ kind: "review" as const, id, body, user, association }))
    .filter((review) => !isKnown(review));
}

async function newComments(gitHub: GitHubConnection, number: number, isKnown: IsKnown): Promise<Candidate[]> {
  // An unreadable comment, or one of very many, does not keep a change from landing.
  const comments = await readComments(gitHub, { number, effect: "peek", mayEndEarly: true });
  return comments.flatMap(({ id, body, user, author_association: association }) => {
    const said = commandWords(body);
    const candidate = { kind: "comment" as const, id };
    return said === null || user === null || isKnown(candidate)
      ? []
      : [{ ...candidate, body: said, user, association }];
  });
}

function commandWords(body: string): string | null {
  const text = body.trimStart();
  if (!text.toLowerCase().startsWith(changeCommand)) return null;
  const words = text.slice(changeCommand.length);
  return words === "" || /^[\s:]/u.test(words) ? words.replace(/^:/, "").trim() : null;
}

async function lineParts(gitHub: GitHubConnection, number: number): Promise<Map<number, RequestedChange["parts"]>> {
  const pages = await readAll(gitHub, {
    route: "GET /repos/{owner}/{repo}/pulls/{pull_number}/comments",
    parameters: { pull_number: number, sort: "created", direction: "desc" },
    schema: lineCommentsSchema,
    pagesMax,
    mayEndEarly: true,
  });
  const parts = new Map<number, RequestedChange["parts"]>();
  for (const comment of (pages ?? []).flat().toSorted((one, other) => one.id - other.id)) {
    const { pull_request_review_id: review, path, line, original_line: original, body: text } = comment;
    if (review === null) continue;
    parts.set(review, [...(parts.get(review) ?? []), { place: { path, line: line ?? original ?? null }, text }]);
  }
  return parts;
}

/** GitHub's names for people who may have write access. Anybody can comment, so for others aedev does not even ask GitHub. */
const mayHaveAccess: ReadonlySet<string> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

async function accessOf(
  gitHub: GitHubConnection,
  { login, type }: Candidate["user"],
  { kind, association }: { kind: "review" | "comment"; association: string },
): Promise<RequestedChange["may"]> {
  if (type !== "User") return "bot";
  if (association === "OWNER") return "yes";
  // Few people review, and their reviews block the merge whatever GitHub calls them.
  const isWorthAsking = kind === "review" || mayHaveAccess.has(association);
  return isWorthAsking && (await mayWrite(gitHub, login)) ? "yes" : "no-write-access";
}
