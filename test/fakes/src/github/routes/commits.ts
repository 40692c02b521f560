/** Routes of a commit: the commit itself, its statuses and its check runs. */
import { z } from "zod";
import {
  checkRunDocument,
  checkSuiteDocument,
  combinedStatusDocument,
  commitDocument,
  statusDocument,
} from "../documents/commits.ts";
import { simpleUser } from "../documents/users.ts";
import { actorOf, type RepositoryCall, type RestAnswer, type RestRoute, repositoryRoute } from "../rest/call.ts";
import { numberParam, pageOf, parseBody } from "../rest/read-body.ts";
import {
  applyCheckRun,
  type CheckRunInput,
  checkRunsOf,
  createCheckRun,
  findCheckRun,
  latestStatuses,
  recordStatus,
} from "../state/check-results.ts";
import { readCommit, resolveCommit } from "../state/git.ts";
import type { AppRecord } from "../state/records.ts";
import { GitHubRefusal } from "../state/refusal.ts";

const contents = { permission: "contents", level: "read" } as const;
const checks = { permission: "checks", level: "read" } as const;

export const commitRoutes: readonly RestRoute[] = [
  repositoryRoute("GET", "/commits/:ref+/check-runs", checks, listCheckRuns),
  repositoryRoute("GET", "/commits/:ref+/check-suites", checks, listCheckSuites),
  repositoryRoute("GET", "/commits/:ref+/status", { permission: "statuses", level: "read" }, readStatus),
  repositoryRoute("GET", "/commits/:ref+", contents, async (call) => ({
    document: await describeCommit(call, await commitOf(call)),
  })),
  repositoryRoute("POST", "/statuses/:ref", { permission: "statuses", level: "write" }, postStatus),
  repositoryRoute("POST", "/check-runs", { permission: "checks", level: "write" }, postCheckRun),
  repositoryRoute("PATCH", "/check-runs/:id", { permission: "checks", level: "write" }, patchCheckRun),
];

export async function describeCommit({ world, site, repository }: RepositoryCall, sha: string) {
  const facts = await readCommit(world, repository, sha);
  const accounts = [...world.accounts.values()];
  return commitDocument(site, repository, {
    facts,
    // Addresses that GitHub gives accounts, and those of the fake's own people: `login@example.com`.
    accountOf: ({ email }) =>
      accounts.find(
        ({ id, login }) => email === `${id}+${login}@users.noreply.github.com` || email === `${login}@example.com`,
      ),
  });
}

async function commitOf({ world, repository, params }: RepositoryCall): Promise<string> {
  const ref = params["ref"] ?? "";
  const sha = await resolveCommit(world, repository, ref);
  if (sha === undefined) throw new GitHubRefusal(422, `No commit found for SHA: ${ref}`);
  return sha;
}

async function readStatus(call: RepositoryCall): Promise<RestAnswer> {
  const sha = await commitOf(call);
  const { items, headers } = pageOf(call, latestStatuses(call.repository, sha));
  return { document: combinedStatusDocument(call.site, call.repository, { sha, statuses: items }), headers };
}

const statusSchema = z.object({
  state: z.enum(["error", "failure", "pending", "success"]),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
  context: z.string().default("default"),
});

async function postStatus(call: RepositoryCall): Promise<RestAnswer> {
  const { world, site, repository } = call;
  const input = parseBody(call, statusSchema);
  const sha = await commitOf(call);
  const { account: creator } = actorOf(call);
  const { state, context, description = null, target_url: targetUrl = null } = input;
  const status = recordStatus(world, repository, { sha, state, context, description, targetUrl, creator });
  return { status: 201, document: { ...statusDocument(site, repository, status), creator: simpleUser(site, creator) } };
}

async function listCheckRuns(call: RepositoryCall): Promise<RestAnswer> {
  const { site, repository, query } = call;
  const sha = await commitOf(call);
  const isAsked = (name: string, value: string) => query.get(name) === null || query.get(name) === value;
  const runs = checkRunsOf(repository, sha, query.get("filter") === "all" ? "all" : "latest").filter(
    ({ name, status, app }) =>
      isAsked("check_name", name) && isAsked("status", status) && isAsked("app_id", String(app.id)),
  );
  const { items, headers } = pageOf(call, runs);
  const documents = items.map((run) => checkRunDocument(site, repository, run));
  return { document: { total_count: runs.length, check_runs: documents }, headers };
}

/** Lists only suites with runs; GitHub also lists those of apps that never report. */
async function listCheckSuites(call: RepositoryCall): Promise<RestAnswer> {
  const { site, repository } = call;
  const sha = await commitOf(call);
  const facts = await readCommit(call.world, repository, sha);
  const runs = checkRunsOf(repository, sha, "latest");
  const suites = [...new Set(runs.map(({ suiteId }) => suiteId))];
  const { items, headers } = pageOf(call, suites);
  const documents = items.flatMap((id) => {
    const [first, ...rest] = runs.filter(({ suiteId }) => suiteId === id);
    const isOpen = repository.openSuites.has(id);
    return first === undefined ? [] : [checkSuiteDocument(site, repository, { runs: [first, ...rest], isOpen, facts })];
  });
  return { document: { total_count: suites.length, check_suites: documents }, headers };
}

/** Maximum in one request, as GitHub documents it. */
const annotationsMax = 50;
const outputSchema = z.object({
  title: z.string().optional(),
  summary: z.string(),
  text: z.string().optional(),
  annotations: z.array(z.unknown()).max(annotationsMax).default([]),
});
const checkRunSchema = z.object({
  name: z.string().optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(["queued", "in_progress", "completed", "waiting", "requested", "pending"]).optional(),
  started_at: z.string().optional(),
  conclusion: z
    .enum(["action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"])
    .optional(),
  completed_at: z.string().optional(),
  output: outputSchema.optional(),
});

async function postCheckRun(call: RepositoryCall): Promise<RestAnswer> {
  const { world, site, repository } = call;
  const app = appOf(call);
  const schema = checkRunSchema.extend({ name: z.string(), head_sha: z.string() });
  const { head_sha: asked, name, ...rest } = parseBody(call, schema);
  const headSha = await resolveCommit(world, repository, asked);
  if (headSha === undefined) throw new GitHubRefusal(422, `No commit found for SHA: ${asked}`);
  const run = createCheckRun(world, repository, { ...inputOf(rest), app, headSha, name });
  return { status: 201, document: checkRunDocument(site, repository, run) };
}

async function patchCheckRun(call: RepositoryCall): Promise<RestAnswer> {
  const { world, site, repository } = call;
  const app = appOf(call);
  const run = findCheckRun(repository, numberParam(call, "id"));
  if (run.app.id !== app.id)
    throw new GitHubRefusal(
      403,
      `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  applyCheckRun(world, run, inputOf(parseBody(call, checkRunSchema)));
  return { document: checkRunDocument(site, repository, run) };
}

/** Only apps may write check runs on GitHub. */
function appOf(call: RepositoryCall): AppRecord {
  const { app } = actorOf(call);
  if (app === undefined) throw new GitHubRefusal(403, "You must authenticate via a GitHub App.");
  return app;
}

/** Only the sent fields: an absent key leaves a run's field unchanged. */
function inputOf(body: z.infer<typeof checkRunSchema>): CheckRunInput {
  const {
    details_url: detailsUrl,
    external_id: externalId,
    started_at: startedAt,
    completed_at: completedAt,
    name,
    status,
    conclusion,
    output,
  } = body;
  return {
    ...(name === undefined ? {} : { name }),
    ...(detailsUrl === undefined ? {} : { detailsUrl }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(status === undefined ? {} : { status }),
    ...(conclusion === undefined ? {} : { conclusion }),
    ...(output === undefined ? {} : { output: outputOf(output) }),
  };
}

function outputOf({ title, summary, text, annotations }: z.infer<typeof outputSchema>) {
  return { title: title ?? null, summary, text: text ?? null, annotations: annotations.length };
}
