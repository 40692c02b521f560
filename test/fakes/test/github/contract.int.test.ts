/** One sequence of requests against this fake and the independent package `emulate`. Different answers are listed here, each with GitHub's behaviour. */
import { createServer } from "node:net";
import { Octokit } from "@octokit/rest";
import { createEmulator } from "emulate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Laboratory, openLaboratory } from "./support/laboratory.ts";

const place = { owner: "acme", repo: "shop" } as const;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A server with the public repository `acme/shop`, which belongs to the user `acme` with this token. */
interface Server {
  readonly octokit: Octokit;
  readonly stranger: Octokit;
  /** Makes a branch with one commit on the default branch. */
  branch(name: string, path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

async function openFake(): Promise<Server> {
  const lab: Laboratory = await openLaboratory({
    repositories: [{ fullName: "acme/shop" }],
    accounts: [{ login: "acme", token: "ghp_acme", kind: "user", permissions: { "acme/shop": "admin" } }],
  });
  return {
    octokit: lab.octokit("ghp_acme"),
    stranger: lab.octokit("ghp_wrong"),
    branch: async (branch, path, text) => {
      await lab.github
        .repository("acme/shop")
        .as("acme")
        .push({ branch, files: { [path]: text } });
    },
    close: async () => lab[Symbol.asyncDispose](),
  };
}

async function openEmulator(): Promise<Server> {
  const emulator = await createEmulator({
    service: "github",
    port: await freePort(),
    seed: {
      tokens: { ghp_acme: { login: "acme", scopes: ["repo"] } },
      github: { users: [{ login: "acme" }], repos: [{ owner: "acme", name: "shop", auto_init: true }] },
    },
  });
  const octokit = new Octokit({ baseUrl: emulator.url, auth: "ghp_acme", log: quiet });
  return {
    octokit,
    stranger: new Octokit({ baseUrl: emulator.url, auth: "ghp_wrong", log: quiet }),
    branch: async (branch, path, text) => {
      const { data } = await octokit.rest.git.getRef({ ...place, ref: "heads/main" });
      await octokit.rest.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: data.object.sha });
      const content = Buffer.from(text).toString("base64");
      await octokit.rest.repos.createOrUpdateFileContents({ ...place, branch, path, message: "A change", content });
    },
    close: () => emulator.close(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = z.object({ port: z.int() }).parse(server.address());
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

const refusedSchema = z.looseObject({ status: z.int() });
/** The compared part of the answer; a refusal's is its status. */
async function outcome<Answer>(answer: Promise<Answer>, pick: (answer: Answer) => unknown): Promise<unknown> {
  try {
    return pick(await answer);
  } catch (error) {
    const refused = refusedSchema.safeParse(error);
    if (!refused.success) throw error;
    return { refused: refused.data.status };
  }
}

/** Runs the sequence on one server and returns each step's outcome. */
async function play({ octokit, stranger, branch }: Server): Promise<Record<string, unknown>> {
  const { repos, pulls, issues, git, checks } = octokit.rest;
  const seen: Record<string, unknown> = {};
  const step = async <Answer>(name: string, answer: Promise<Answer>, pick: (answer: Answer) => unknown) => {
    seen[name] = await outcome(answer, pick);
  };
  await step("a repository", repos.get(place), ({ data }) => [
    data.default_branch,
    data.private,
    data.permissions?.push,
  ]);
  await step("no such repository", repos.get({ ...place, repo: "none" }), ({ status }) => status);
  await step("wrong credentials", stranger.rest.users.getAuthenticated(), ({ status }) => status);
  await branch("side", "side.txt", "side");
  await step("a branch", repos.getBranch({ ...place, branch: "side" }), ({ data }) => [data.name, data.protected]);
  await step("a branch that is not there", repos.getBranch({ ...place, branch: "none" }), ({ status }) => status);
  const { data: ref } = await git.getRef({ ...place, ref: "heads/side" });
  const { sha } = ref.object;
  const opened = { ...place, head: "side", base: "main", title: "Take side", body: "why", draft: true };
  const { data: pull } = await pulls.create(opened);
  const at = { ...place, pull_number: pull.number };
  const on = { ...place, issue_number: pull.number };
  seen["a pull request"] = [
    pull.number,
    pull.state,
    pull.draft,
    pull.head.ref,
    pull.head.sha === sha,
    pull.base.ref,
    pull.merged,
  ];
  await step("a second one for the same branches", pulls.create(opened), ({ status }) => status);
  await step("one from no branch", pulls.create({ ...opened, head: "none" }), ({ status }) => status);
  await step("one without a difference", pulls.create({ ...opened, head: "main" }), ({ status }) => status);
  await step("pull requests of a head", pulls.list({ ...place, head: "acme:side" }), ({ data }) =>
    data.some(({ number }) => number === pull.number),
  );
  await step("a draft that is ready", octokit.graphql(readyMutation, { id: pull.node_id }), () => "done");
  await step("its state then", pulls.get(at), ({ data }) => data.draft);
  await step("a status", repos.createCommitStatus({ ...place, sha, state: "success", context: "ci" }), ({ data }) => [
    data.state,
    data.context,
  ]);
  await step("statuses together", repos.getCombinedStatusForRef({ ...place, ref: sha }), ({ data }) => [
    data.state,
    data.total_count,
  ]);
  await step(
    "a check run of a user",
    checks.create({ ...place, head_sha: sha, name: "evidence" }),
    ({ status }) => status,
  );
  await step("a comment", issues.createComment({ ...on, body: "hello" }), ({ status, data }) => [
    status,
    data.body,
    data.user?.login,
  ]);
  await step("comments", issues.listComments(on), ({ data }) => data.map(({ body }) => body));
  await step("a label", issues.addLabels({ ...on, labels: ["work"] }), ({ data }) => data.map(({ name }) => name));
  await step("a label taken away", issues.removeLabel({ ...on, name: "work" }), ({ data }) => data);
  await step("a label that is not there", issues.removeLabel({ ...on, name: "work" }), ({ status }) => status);
  await step("events", issues.listEvents(on), ({ data }) => data.map(({ event }) => event));
  await step(
    "a permission",
    repos.getCollaboratorPermissionLevel({ ...place, username: "acme" }),
    ({ data }) => data.permission,
  );
  await step("an approval of the own", pulls.createReview({ ...at, event: "APPROVE" }), ({ status }) => status);
  await branch("plain", "plain.txt", "plain");
  const { data: plain } = await pulls.create({ ...place, head: "plain", base: "main", title: "Take plain" });
  const merging = { ...place, pull_number: plain.number };
  await step("a merge of another head", pulls.merge({ ...merging, sha: "0".repeat(40) }), ({ status }) => status);
  await step("a merge", pulls.merge({ ...merging, sha: plain.head.sha }), ({ data }) => [data.merged, data.message]);
  await step("the merged pull request", pulls.get(merging), ({ data }) => [
    data.state,
    data.merged,
    data.merged_by?.login,
  ]);
  await step("the base after", repos.getCommit({ ...place, ref: "main" }), ({ data }) => [
    data.parents.length,
    data.commit.message.split("\n")[0],
  ]);
  await step("a merge again", pulls.merge(merging), ({ status }) => status);
  await step("a branch deleted", git.deleteRef({ ...place, ref: "heads/side" }), ({ status }) => status);
  await step("a branch deleted again", git.deleteRef({ ...place, ref: "heads/side" }), ({ status }) => status);
  await step("an etag", repos.get(place), ({ headers }) => headers.etag !== undefined);
  await step("a limit", octokit.rest.rateLimit.get(), ({ data }) => data.rate.limit);
  return seen;
}
const readyMutation =
  "mutation($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }";

/** Steps that the emulator answers differently: its answer, and GitHub's known behaviour. */
const differences: Readonly<Record<string, { readonly emulator: unknown; readonly github: string }>> = {
  "wrong credentials": { emulator: 200, github: "401 `Bad credentials`; the emulator takes any token" },
  "a second one for the same branches": {
    emulator: 201,
    github: "422 with `A pull request already exists for acme:side.`",
  },
  "one from no branch": { emulator: 201, github: "422 with the field `head` and the code `invalid`" },
  "a draft that is ready": {
    emulator: { refused: 404 },
    github: "has the mutation; the emulator no GraphQL API for it",
  },
  "its state then": { emulator: true, github: "no draft after that mutation" },
  "a status": { emulator: { refused: 404 }, github: "has commit statuses; the emulator only check runs" },
  "statuses together": { emulator: { refused: 404 }, github: "has the combined status; the emulator only check runs" },
  "a check run of a user": { emulator: 201, github: "403: only GitHub Apps write check runs" },
  events: { emulator: { refused: 404 }, github: "lists an issue's events" },
  "an approval of the own": { emulator: 201, github: "422: nobody approves the own pull request" },
  "a merge of another head": {
    emulator: { refused: 422 },
    github: "409, as its description says of a `sha` that does not match",
  },
  "the base after": {
    emulator: [2, "Merge pull request #4 from acme:plain"],
    github: "`Merge pull request #N from acme/plain`; N differs because the emulator opened two pull requests more",
  },
  "a merge again": { emulator: { refused: 422 }, github: "405 `Pull Request is not mergeable`" },
  "a branch deleted again": { emulator: { refused: 404 }, github: "422 `Reference does not exist`" },
  "an etag": { emulator: false, github: "every GET has one" },
};

let fake: Server;
let emulator: Server;
beforeAll(async () => {
  [fake, emulator] = await Promise.all([openFake(), openEmulator()]);
});
afterAll(() => Promise.all([fake.close(), emulator.close()]));

describe("this fake and the emulator", () => {
  it("answer one sequence of requests alike, except for the listed differences", async () => {
    const [ours, theirs] = await Promise.all([play(fake), play(emulator)]);
    const found = Object.keys(ours).filter((step) => JSON.stringify(ours[step]) !== JSON.stringify(theirs[step]));
    expect(Object.fromEntries(found.map((step) => [step, theirs[step]]))).toEqual(
      Object.fromEntries(Object.entries(differences).map(([step, { emulator: answer }]) => [step, answer])),
    );
  });
});
