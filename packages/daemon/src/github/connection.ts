/** One repository at GitHub, for landing and the like: requests with a decided outcome and parsed answers. */
import { Fault, type HostText } from "@aedev/contracts";
import type { z } from "zod";
import { type GitHubAnswer, type GitHubClient, graphqlRoute } from "./client.ts";
import { type Effect, graphqlOutcome, type RequestOutcome, requestOutcome } from "./outcome.ts";

export interface GitHubConnection {
  readonly owner: string;
  readonly name: string;
  /** Only an app can write check runs; anybody else writes commit statuses. */
  readonly identity: "app" | "token";
  readonly request: GitHubClient["request"];
}

/** Thrown at GitHub's rate limit: nothing was done, and nothing is wrong. */
export class RateLimited extends Error {
  /** When to come back, in milliseconds since the epoch. */
  readonly atMs: number;

  constructor(atMs: number, why: string) {
    super(why);
    this.atMs = atMs;
  }
}

interface Request {
  readonly route: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}
interface Parsed<S extends z.ZodType> extends Request {
  readonly schema: S;
}

/** The parameters of a writing request. Texts have passed the door for host text (SECURITY T38); the rest names things or is one of GitHub's own words. */
export interface Written {
  readonly title?: HostText;
  readonly body?: HostText;
  readonly description?: HostText;
  readonly commit_title?: HostText;
  readonly commit_message?: HostText;
  readonly labels?: readonly HostText[];
  readonly output?: { readonly title: HostText; readonly summary: HostText };
  readonly pull_number?: number;
  readonly issue_number?: number;
  readonly comment_id?: number;
  readonly check_run_id?: number;
  readonly sha?: string;
  readonly head?: string;
  readonly head_sha?: string;
  readonly base?: string;
  readonly external_id?: string;
  readonly name?: "aedev / evidence";
  readonly context?: "aedev / evidence";
  readonly state?: "closed" | "success" | "pending" | "failure";
  readonly status?: "completed" | "in_progress";
  readonly conclusion?: "success" | "cancelled";
  readonly merge_method?: "merge" | "squash" | "rebase";
  readonly draft?: boolean;
  readonly maintainer_can_modify?: boolean;
  readonly reviewers?: readonly string[];
  readonly team_reviewers?: readonly string[];
}

/** Reads something; null if it does not exist or, with the effect `peek`, if the credential may not read it. Throws as `sendChange` does. */
export async function readOne<S extends z.ZodType>(
  gitHub: GitHubConnection,
  wanted: Parsed<S> & { readonly effect?: "read" | "peek" },
): Promise<z.infer<S> | null> {
  const found = await send(gitHub, { effect: "read", ...wanted });
  return found === absent ? null : parsedAnswer(found, wanted);
}

/** The result of a conditional request; `tag` is the ETag for the next one. */
export type ConditionalAnswer<T> =
  | { readonly kind: "unchanged" }
  | { readonly kind: "absent" }
  | { readonly kind: "read"; readonly document: T; readonly tag: string | null };

/** Reads something unless it has not changed since `tag`; an unchanged answer costs nothing of the rate limit. Throws as `sendChange` does. */
export async function readIfChanged<S extends z.ZodType>(
  { owner, name, request }: GitHubConnection,
  wanted: Parsed<S> & { readonly tag: string | null },
): Promise<ConditionalAnswer<z.infer<S>>> {
  const { route, parameters = {}, tag } = wanted;
  const headers = tag === null ? {} : { "if-none-match": tag };
  const answer = await request(route, { owner, repo: name, ...parameters, headers });
  if (answer.status === 304 && tag !== null) return { kind: "unchanged" };
  const data = settledAnswer(answer, { effect: "peek", route });
  if (data === absent) return { kind: "absent" };
  const given = answer.status === null ? undefined : answer.headers.etag;
  return { kind: "read", document: parsedAnswer(data, wanted), tag: typeof given === "string" ? given : null };
}

/**
 * Changes something and returns the answer. Throws `RateLimited`, or a Fault: `HOLD-EXTERNAL-STATE-UNKNOWN` (it may have happened; retry),
 * `HOLD-REMOTE-REFUSED` (finally; or with a retry, if the state may have changed meanwhile).
 */
export async function sendChange<S extends z.ZodType>(
  gitHub: GitHubConnection,
  wanted: {
    readonly route: string;
    readonly parameters: Written;
    readonly schema: S;
    readonly effect: Exclude<Effect, "read" | "peek" | "graphql">;
  },
): Promise<z.infer<S>> {
  const { effect, route, parameters } = wanted;
  return parsedAnswer(await send(gitHub, { effect, route, parameters: { ...parameters } }), wanted);
}

/**
 * Every page of a list; null as with `readOne`. Throws as `sendChange` does, and a Fault `HOLD-EXTERNAL-STATE-UNKNOWN` if there are more than `pagesMax` pages of 100
 * entries, unless `mayEndEarly`.
 */
export async function readAll<S extends z.ZodType>(
  gitHub: GitHubConnection,
  {
    pagesMax,
    mayEndEarly = false,
    ...wanted
  }: Parsed<S> & { readonly effect?: "read" | "peek"; readonly pagesMax: number; readonly mayEndEarly?: boolean },
): Promise<z.infer<S>[] | null> {
  const pages: z.infer<S>[] = [];
  for (let page = 1; page <= pagesMax; page += 1) {
    const parameters = { ...wanted.parameters, per_page: pageSize, page };
    const one = await readOne(gitHub, { ...wanted, parameters });
    if (one === null) return page === 1 ? null : pages;
    pages.push(one);
    if (sizeOf(one) < pageSize) return pages;
  }
  if (mayEndEarly) return pages;
  throw unknownState(`GitHub, ${wanted.route}: more than ${pagesMax * pageSize} entries`);
}
const pageSize = 100;

/** The length of a list, or of the longest list within a document. */
function sizeOf(page: unknown): number {
  if (Array.isArray(page)) return page.length;
  if (typeof page !== "object" || page === null) return 0;
  return Math.max(0, ...Object.values(page).map((value) => (Array.isArray(value) ? value.length : 0)));
}

const absent = Symbol("absent");

async function send(
  { owner, name, request }: GitHubConnection,
  { effect, route, parameters = {} }: Request & { readonly effect: Effect },
): Promise<unknown> {
  return settledAnswer(await request(route, { owner, repo: name, ...parameters }), { effect, route });
}

function settledAnswer(answer: GitHubAnswer, { effect, route }: { effect: Effect; route: string }): unknown {
  return dataOf(requestOutcome(effect, answer, Date.now()), route);
}

/** Runs one GraphQL operation and returns its answer. `name` appears in messages. Throws as `sendChange` does. */
export async function graphql<S extends z.ZodType>(
  { request }: GitHubConnection,
  { name, document, variables, schema }: GraphqlOperation<S>,
): Promise<z.infer<S>> {
  const answer = await request(graphqlRoute, { query: document, variables });
  return parsedAnswer(dataOf(graphqlOutcome(answer, Date.now()), name), { route: name, schema });
}

interface GraphqlOperation<S extends z.ZodType> {
  readonly name: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly schema: S;
}

function dataOf(outcome: RequestOutcome, route: string): unknown {
  switch (outcome.kind) {
    case "done":
      return outcome.data;
    case "absent":
      return absent;
    case "rate-limited":
      throw new RateLimited(outcome.atMs, outcome.why);
    case "unknown":
      throw unknownState(`GitHub, ${route}: ${outcome.why}`);
    case "changed":
    case "refused":
      throw new Fault("HOLD-REMOTE-REFUSED", `GitHub refused ${route}: ${outcome.why}`, {
        retry: outcome.kind === "changed",
      });
  }
}

/** Parses an answer. One with an undocumented shape leaves open what happened. */
function parsedAnswer<S extends z.ZodType>(
  data: unknown,
  { route, schema }: Pick<Parsed<S>, "route" | "schema">,
): z.infer<S> {
  const answer = schema.safeParse(data);
  if (answer.success) return answer.data;
  const path = answer.error.issues[0]?.path.join(".") ?? "";
  throw unknownState(
    `GitHub, ${route}: the answer does not have the documented shape${path === "" ? "" : ` at ${path}`}`,
  );
}

function unknownState(message: string): Fault {
  return new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", message, { retry: true });
}
