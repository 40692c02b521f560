/** Whether a pull request may be merged, for answers as GitHub documents them. */
import { expect, it } from "vitest";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { evidenceCheckName } from "../../src/github/evidence-check.ts";
import { readinessOf } from "../../src/github/merge-waits.ts";
import type { PullRequest } from "../../src/github/pull-requests.ts";

const head = "a".repeat(40);
const pull: PullRequest = {
  number: 7,
  html_url: "https://github.com/o/r/pull/7",
  state: "open",
  title: "t",
  body: null,
  draft: false,
  merged: false,
  merge_commit_sha: null,
  mergeable: true,
  mergeable_state: "clean",
  head: { ref: "aedev/x", sha: head },
  base: { ref: "main", sha: "b".repeat(40) },
};
const review = (state: string, login: string, author_association = "OWNER") => ({
  id: 1,
  state,
  body: "",
  user: { login, type: "User" },
  author_association,
});

interface Situation {
  readonly rules?: readonly unknown[];
  readonly contexts?: readonly string[];
  readonly runs?: readonly { name: string; status: string; conclusion: string | null }[];
  readonly suites?: readonly object[];
  readonly statuses?: readonly { context: string; state: string }[];
  readonly reviews?: readonly unknown[];
  readonly pull?: Partial<PullRequest>;
  readonly hasWorkflows?: boolean;
  readonly headAt?: string;
  readonly withoutChecks?: boolean;
  /** Routes that the credential may not use. */
  readonly forbidden?: RegExp;
  /** By login, in the words of `collaborators/{username}/permission`. */
  readonly permissions?: Readonly<Record<string, string>>;
}

/** A server's answers; further pages of a route are empty. */
function connection(situation: Situation): GitHubConnection {
  const {
    rules,
    contexts,
    runs = [],
    suites = [],
    statuses = [],
    reviews = [],
    forbidden,
    permissions = {},
  } = situation;
  const of: Record<string, unknown> = {
    "GET /repos/{owner}/{repo}/rules/branches/{branch}": rules,
    "GET /repos/{owner}/{repo}/branches/{branch}":
      contexts === undefined
        ? { name: "main" }
        : { name: "main", protection: { required_status_checks: { contexts } } },
    "GET /repos/{owner}/{repo}/commits/{ref}/check-runs": { check_runs: runs },
    "GET /repos/{owner}/{repo}/commits/{ref}/check-suites": { check_suites: suites },
    "GET /repos/{owner}/{repo}/commits/{ref}/status": { statuses },
    "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews": reviews,
  };
  return {
    owner: "o",
    name: "r",
    identity: "token",
    request: async (route, { username = "" } = {}) => {
      if (forbidden?.test(route) === true)
        return { status: 403, headers: {}, data: { message: "Resource not accessible by personal access token" } };
      if (route.endsWith("/collaborators/{username}/permission"))
        return { status: 200, headers: {}, data: { permission: permissions[String(username)] ?? "read" } };
      if (!Object.hasOwn(of, route)) throw new Error(`no answer for ${route}`);
      const data = of[route];
      return data === undefined
        ? { status: 404, headers: {}, data: { message: "Not Found" } }
        : { status: 200, headers: {}, data };
    },
  };
}

const readiness = (situation: Situation) =>
  readinessOf(connection(situation), {
    pull: { ...pull, ...situation.pull },
    base: "main",
    hasWorkflows: situation.hasWorkflows ?? false,
    headAt: situation.headAt ?? "2026-01-01T00:00:00.000Z",
    withoutChecks: situation.withoutChecks ?? false,
  });
const passed = (name: string) => ({ name, status: "completed", conclusion: "success" });
const required = (...contexts: string[]) => ({
  type: "required_status_checks",
  parameters: { required_status_checks: contexts.map((context) => ({ context })) },
});
const blocked = { pull: { mergeable_state: "blocked" } } as const;
const reviewsRequired = (count: number) => ({
  type: "pull_request",
  parameters: { required_approving_review_count: count },
});

it.each<[string, Situation]>([
  ["nothing is required and nothing runs", {}],
  [
    "all checks have passed, were skipped or are neutral",
    {
      runs: [
        passed("a"),
        { name: "b", status: "completed", conclusion: "skipped" },
        { name: "c", status: "completed", conclusion: "neutral" },
      ],
      statuses: [{ context: "d", state: "success" }],
    },
  ],
  [
    "the required check has passed, and one that is not required has failed",
    { rules: [required("a")], runs: [passed("a"), { name: "lint", status: "completed", conclusion: "failure" }] },
  ],
  ["aedev's own check is required, which it reports itself", { contexts: [evidenceCheckName] }],
  [
    "as many reviews as required approve",
    { rules: [reviewsRequired(2)], reviews: [review("APPROVED", "ann"), review("APPROVED", "bob", "MEMBER")] },
  ],
  [
    "who requested changes approves now",
    { reviews: [review("CHANGES_REQUESTED", "ann"), review("COMMENTED", "ann"), review("APPROVED", "ann")] },
  ],
  [
    "a request for changes was dismissed",
    { reviews: [review("CHANGES_REQUESTED", "ann"), review("DISMISSED", "ann")] },
  ],
  ["a stranger requests changes", { reviews: [review("CHANGES_REQUESTED", "eve", "NONE")] }],
])("a pull request is ready if %s", async (_, situation) => {
  expect(await readiness(situation)).toMatchObject({ failed: [], waits: [] });
});

it.each<[string, Situation, readonly unknown[]]>([
  [
    "a check runs",
    { runs: [{ name: "test", status: "in_progress", conclusion: null }] },
    [{ kind: "check-running", name: "test" }],
  ],
  ["a status is pending", { statuses: [{ context: "ci", state: "pending" }] }, [{ kind: "check-running", name: "ci" }]],
  [
    "a check required by a ruleset has not reported",
    { rules: [required("test", "lint")], runs: [passed("lint")] },
    [{ kind: "check-missing", name: "test" }],
  ],
  [
    "a check required by classic protection has not reported",
    { contexts: ["test"] },
    [{ kind: "check-missing", name: "test" }],
  ],
  [
    "one of two runs with the same name is not done",
    { runs: [passed("test"), { name: "test", status: "queued", conclusion: null }] },
    [{ kind: "check-running", name: "test" }],
  ],
  [
    "a review is missing",
    { ...blocked, rules: [reviewsRequired(2)], reviews: [review("APPROVED", "ann")] },
    [{ kind: "approvals", missing: 1 }],
  ],
  [
    "only a stranger approved",
    { ...blocked, rules: [reviewsRequired(1)], reviews: [review("APPROVED", "eve", "CONTRIBUTOR")] },
    [{ kind: "approvals", missing: 1 }],
  ],
  [
    "an approval was dismissed",
    { ...blocked, rules: [reviewsRequired(1)], reviews: [review("APPROVED", "ann"), review("DISMISSED", "ann")] },
    [{ kind: "approvals", missing: 1 }],
  ],
  [
    "a person with write access requested changes",
    { reviews: [review("CHANGES_REQUESTED", "ann", "OWNER")] },
    [{ kind: "changes-requested", by: "ann" }],
  ],
  ["it was made a draft", { pull: { draft: true } }, [{ kind: "draft" }]],
  [
    "GitHub says blocked for a reason that can't be read",
    { pull: { mergeable_state: "blocked" } },
    [{ kind: "blocked" }],
  ],
  [
    "the repository has workflows, and the head is new",
    { hasWorkflows: true, headAt: new Date().toISOString() },
    [{ kind: "checks-not-started" }],
  ],
  ["the repository has workflows, and no check has appeared in time", { hasWorkflows: true }, [{ kind: "no-checks" }]],
  [
    "aedev's own check is the only one there",
    { hasWorkflows: true, runs: [passed(evidenceCheckName)] },
    [{ kind: "no-checks" }],
  ],
])("a pull request waits if %s", async (_, situation, waits) => {
  expect(await readiness(situation)).toMatchObject({ failed: [], waits });
});

it.each<[string, Situation]>([
  ["a check failed and none is required", { runs: [{ name: "test", status: "completed", conclusion: "failure" }] }],
  [
    "a required check timed out",
    { rules: [required("test")], runs: [{ name: "test", status: "completed", conclusion: "timed_out" }] },
  ],
  ["a status says error", { statuses: [{ context: "test", state: "error" }] }],
  [
    "a conclusion is one that this version does not know",
    { runs: [{ name: "test", status: "completed", conclusion: "exploded" }] },
  ],
])("a pull request has failed if %s", async (_, situation) => {
  expect(await readiness(situation)).toMatchObject({ failed: ["test"] });
});

it("a list without an end, or an answer of another shape, never counts as ready", async () => {
  const endless = Array.from({ length: 100 }, (_, index) => passed(`check ${index}`));
  await expect(readiness({ runs: endless })).rejects.toMatchObject({
    code: "HOLD-EXTERNAL-STATE-UNKNOWN",
    retry: true,
  });
  await expect(readiness({ reviews: [{ state: "APPROVED" }] })).rejects.toMatchObject({
    code: "HOLD-EXTERNAL-STATE-UNKNOWN",
  });
});

it("if the branch requires only aedev's own check, every other check counts", async () => {
  const only = { contexts: [evidenceCheckName] };
  const red = { name: "test", status: "completed", conclusion: "failure" };
  expect(await readiness({ ...only, runs: [red] })).toMatchObject({ failed: ["test"] });
  expect(await readiness({ ...only, runs: [passed("test")] })).toMatchObject({ failed: [], waits: [] });
});

it("workflows get time on a new head although a quick check has passed, unless the branch names what it requires", async () => {
  const fresh = { hasWorkflows: true, headAt: new Date().toISOString(), runs: [passed("DCO")] };
  expect(await readiness(fresh)).toMatchObject({ waits: [{ kind: "checks-not-started" }] });
  expect(await readiness({ ...fresh, contexts: ["DCO"] })).toMatchObject({ failed: [], waits: [] });
});

it("a head without checks merges if there are no workflows or a person accepts it, and one with checks does", async () => {
  expect(await readiness({ hasWorkflows: false })).toMatchObject({ failed: [], waits: [] });
  expect(await readiness({ hasWorkflows: true, withoutChecks: true })).toMatchObject({ failed: [], waits: [] });
  expect(await readiness({ hasWorkflows: true, runs: [passed("test")] })).toMatchObject({ failed: [], waits: [] });
  const status = { context: "ci", state: "success" };
  expect(await readiness({ hasWorkflows: true, statuses: [status] })).toMatchObject({ failed: [], waits: [] });
});

it("a review counts by its author's permission if GitHub does not show that they may write", async () => {
  const against = { reviews: [review("CHANGES_REQUESTED", "pat", "CONTRIBUTOR")] };
  expect(await readiness({ ...against, permissions: { pat: "write" } })).toMatchObject({
    waits: [{ kind: "changes-requested", by: "pat" }],
  });
  expect(await readiness({ ...against, permissions: { pat: "read" } })).toMatchObject({ waits: [] });
  const approved = { ...blocked, rules: [reviewsRequired(1)], reviews: [review("APPROVED", "pat", "NONE")] };
  expect(await readiness({ ...approved, permissions: { pat: "admin" } })).toMatchObject({
    waits: [{ kind: "blocked" }],
  });
  expect(await readiness(approved)).toMatchObject({ waits: [{ kind: "approvals", missing: 1 }] });
});

it("if the credential can't read checks, only GitHub's word `clean` makes a pull request ready", async () => {
  const forbidden = /check-runs/;
  expect(await readiness({ forbidden })).toMatchObject({ failed: [], waits: [] });
  expect(await readiness({ forbidden, hasWorkflows: true })).toMatchObject({ failed: [], waits: [] });
  expect(await readiness({ hasWorkflows: true })).toMatchObject({ waits: [{ kind: "no-checks" }] });
  expect(await readiness({ forbidden, pull: { mergeable_state: "unstable" } })).toMatchObject({
    waits: [{ kind: "checks-unreadable" }],
  });
});

it("rulesets may be unreadable: what can't be read shows as blocked", async () => {
  const forbidden = /rules|branches/;
  expect(await readiness({ forbidden })).toMatchObject({ failed: [], waits: [] });
  expect(await readiness({ forbidden, ...blocked })).toMatchObject({ waits: [{ kind: "blocked" }] });
});

it("the rules tell which ways to merge are left, and whether there is a merge queue", async () => {
  const rulesOf = async (...rules: unknown[]) => (await readiness({ rules })).rules;
  expect(await rulesOf()).toMatchObject({ methods: ["merge", "rebase", "squash"], queue: "no" });
  expect(await rulesOf({ type: "required_linear_history" })).toMatchObject({ methods: ["rebase", "squash"] });
  expect(await rulesOf({ type: "pull_request", parameters: { allowed_merge_methods: ["squash"] } })).toMatchObject({
    methods: ["squash"],
  });
  expect(await rulesOf({ type: "merge_queue", parameters: {} })).toMatchObject({ queue: "yes" });
});

it("the waits are listed in one order, whatever GitHub's is", async () => {
  const [one, two] = ["a", "b"].map((name) => ({ name, status: "queued", conclusion: null }));
  if (one === undefined || two === undefined) throw new Error("two runs");
  expect((await readiness({ runs: [one, two] })).waits).toEqual((await readiness({ runs: [two, one] })).waits);
});

const suite = (change: object = {}) => ({
  id: 1,
  status: "in_progress",
  latest_check_runs_count: 1,
  app: { name: "CI" },
  ...change,
});
const inSuite = (name: string, id: number) => ({ ...passed(name), check_suite: { id } });

it("a running suite is waited for although all its checks have passed, until it is completed", async () => {
  const runs = [inSuite("build", 1)];
  expect(await readiness({ runs, suites: [suite(), suite({ id: 2 })] })).toMatchObject({
    failed: [],
    waits: [{ kind: "check-running", name: "suite of CI" }],
  });
  expect((await readiness({ runs, suites: [suite({ status: "completed" })] })).waits).toEqual([]);
});

it.each([
  ["it has no check: its app may never report", { suites: [suite({ status: "queued", latest_check_runs_count: 0 })] }],
  ["it has only aedev's own check", { runs: [inSuite(evidenceCheckName, 1)], suites: [suite()] }],
  ["the branch requires checks, and they have passed", { rules: [required("build")], suites: [suite()] }],
  [
    "its check is named as running already",
    { runs: [{ ...inSuite("build", 1), status: "queued" }], suites: [suite()] },
  ],
  ["it can't be read", { suites: [suite()], forbidden: /check-suites$/ }],
])("a suite alone is not waited for if %s", async (_why, situation) => {
  const { waits } = await readiness({ runs: [inSuite("build", 1)], ...situation });
  expect(waits.filter((wait) => "name" in wait && wait.name.startsWith("suite"))).toEqual([]);
});
