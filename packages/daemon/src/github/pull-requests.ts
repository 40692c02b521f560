/** Finds, opens, updates and merges a task's pull request. Every effect is looked for before it is repeated. */
import { composedForHost, gitIdSchema, type HostText, host, joined } from "@aedev/contracts";
import { z } from "zod";
import { type GitHubConnection, readOne, sendChange } from "./connection.ts";

const refSchema = z.object({ ref: z.string(), sha: gitIdSchema });
/** A pull request as its own route shows it. `mergeable` null: GitHub is still computing it. */
const pullRequestSchema = z.object({
  number: z.int().positive(),
  html_url: z.url({ protocol: /^https?$/ }).max(500),
  state: z.enum(["open", "closed"]),
  title: z.string(),
  body: z.string().nullable(),
  draft: z.boolean().optional(),
  merged: z.boolean(),
  merge_commit_sha: gitIdSchema.nullable(),
  mergeable: z.boolean().nullable(),
  mergeable_state: z.string(),
  head: refSchema,
  base: refSchema,
});
export type PullRequest = z.infer<typeof pullRequestSchema>;
const listedSchema = z.array(
  pullRequestSchema.pick({ number: true, state: true, head: true }).extend({ merged_at: z.string().nullable() }),
);

const pulls = "/repos/{owner}/{repo}/pulls";

/**
 * The pull request with this number, else the branch's: the open one, else the merged one, else the newest; null if there is none. `closed`: numbers that aedev
 * closed itself, to be ignored.
 */
export async function findPullRequest(
  gitHub: GitHubConnection,
  { number, branch, closed }: { number: number | null; branch: string; closed: readonly number[] },
): Promise<PullRequest | null> {
  const known = number === null ? null : await readPullRequest(gitHub, number);
  // The number may belong to a repository that was made again or registered at another address.
  if (known?.head.ref === branch) return known;
  const found = await numberOfBranch(gitHub, { branch, closed });
  return found === null ? null : readPullRequest(gitHub, found);
}

async function readPullRequest(gitHub: GitHubConnection, number: number): Promise<PullRequest | null> {
  return readOne(gitHub, {
    route: `GET ${pulls}/{pull_number}`,
    parameters: { pull_number: number },
    schema: pullRequestSchema,
  });
}

async function numberOfBranch(
  gitHub: GitHubConnection,
  { branch, closed }: { branch: string; closed: readonly number[] },
): Promise<number | null> {
  const found = await readOne(gitHub, {
    route: `GET ${pulls}`,
    parameters: {
      head: `${gitHub.owner}:${branch}`,
      state: "all",
      sort: "created",
      direction: "desc",
      per_page: 100,
    },
    schema: listedSchema,
  });
  // A server that ignores the filter must not hand over another person's pull request.
  const own = (found ?? []).filter(
    ({ head, number, state }) => head.ref === branch && !(state === "closed" && closed.includes(number)),
  );
  const best = own.find(({ state }) => state === "open") ?? own.find(({ merged_at }) => merged_at !== null) ?? own[0];
  return best?.number ?? null;
}

/** Opens a pull request from `branch` to `base` (names without `refs/heads/`). */
export async function openPullRequest(
  gitHub: GitHubConnection,
  wanted: { branch: string; base: string; title: HostText; body: HostText; draft?: boolean },
): Promise<{ number: number; url: string }> {
  const { branch, base, title, body, draft = false } = wanted;
  const made = await sendChange(gitHub, {
    effect: "open",
    route: `POST ${pulls}`,
    parameters: { head: branch, base, title, body, draft, maintainer_can_modify: false },
    schema: pullRequestSchema.pick({ number: true, html_url: true }),
  });
  return { number: made.number, url: made.html_url };
}

/** Replaces title and body. */
export async function updatePullRequest(
  gitHub: GitHubConnection,
  { number, title, body }: { number: number; title: HostText; body: HostText },
): Promise<void> {
  await sendChange(gitHub, {
    effect: "update",
    route: `PATCH ${pulls}/{pull_number}`,
    parameters: { pull_number: number, title, body },
    schema: z.object({ number: z.literal(number) }),
  });
}

/** Closes it without a merge, unless it is closed already. Throws as `sendChange` does. */
export async function closePullRequest(gitHub: GitHubConnection, number: number): Promise<void> {
  await sendChange(gitHub, {
    effect: "update",
    route: `PATCH ${pulls}/{pull_number}`,
    parameters: { pull_number: number, state: "closed" },
    schema: z.object({ number: z.literal(number) }),
  });
}

export type MergeMethod = "merge" | "squash" | "rebase";
/** In order of preference. */
export const mergeMethods = ["merge", "rebase", "squash"] as const satisfies readonly MergeMethod[];

const methodsSchema = z.object({
  allow_merge_commit: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
});

/** The configured merge method, or the first that the repository and the branch's rules allow (an unreadable rule allows all). Null: none is allowed. */
export async function mergeMethodOf(
  gitHub: GitHubConnection,
  { configured, byRules }: { configured: MergeMethod | null; byRules: readonly MergeMethod[] },
): Promise<MergeMethod | null> {
  if (configured !== null) return configured;
  const found = await readOne(gitHub, { route: "GET /repos/{owner}/{repo}", schema: methodsSchema });
  const allowed = {
    merge: found?.allow_merge_commit,
    rebase: found?.allow_rebase_merge,
    squash: found?.allow_squash_merge,
  };
  return byRules.find((method) => allowed[method] !== false) ?? null;
}

/** Merges the pull request if its head is still `commit`. `message`: the commit's, with trailers, for a squash. */
export async function mergePullRequest(
  gitHub: GitHubConnection,
  wanted: { number: number; commit: string; method: MergeMethod; message: HostText },
): Promise<void> {
  const { number, commit, method, message } = wanted;
  const [subject = host``, ...rest] = message.split("\n").map(composedForHost);
  const words =
    method === "squash"
      ? { commit_title: host`${subject} (#${number})`, commit_message: composedForHost(joined(rest, "\n").trim()) }
      : {};
  await sendChange(gitHub, {
    effect: "merge",
    route: `PUT ${pulls}/{pull_number}/merge`,
    parameters: { pull_number: number, sha: commit, merge_method: method, ...words },
    schema: z.object({ merged: z.literal(true) }),
  });
}
