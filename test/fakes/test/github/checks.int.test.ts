/** Commits, statuses, check runs, branches and rules of the fake GitHub, through Octokit. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Laboratory, openLaboratory, place, tokens } from "./support/laboratory.ts";
import { refusal } from "./support/refusal.ts";

let lab: Laboratory;
beforeAll(async () => {
  lab = await openLaboratory();
});
afterAll(() => lab[Symbol.asyncDispose]());

const shop = () => lab.github.repository("acme/shop");
const bob = () => lab.octokit(tokens.bob).rest;
const bot = () => lab.octokit(tokens.bot).rest;
let count = 0;
async function commit(): Promise<string> {
  count += 1;
  return shop()
    .as("bob")
    .push({ branch: `checked/${count}`, files: { "c.txt": String(count) } });
}

describe("commit statuses of the fake", () => {
  it("the latest of each context counts, and together they are failure, pending or success", async () => {
    const sha = await commit();
    const post = (state: "success" | "failure" | "pending" | "error", context: string) =>
      bob().repos.createCommitStatus({
        ...place,
        sha,
        state,
        context,
        description: "d",
        target_url: "https://ci.example/1",
      });
    const combined = async () => (await bob().repos.getCombinedStatusForRef({ ...place, ref: sha })).data;
    expect(await combined()).toMatchObject({ state: "pending", total_count: 0, statuses: [] });
    await post("failure", "ci");
    await post("success", "lint");
    expect((await combined()).state).toBe("failure");
    await post("success", "ci");
    expect(await combined()).toMatchObject({ state: "success", total_count: 2 });
    await post("pending", "docs");
    expect((await combined()).statuses.map(({ context, state }) => `${context} ${state}`)).toEqual([
      ...["docs pending", "ci success", "lint success"],
    ]);
    const unknown = bob().repos.createCommitStatus({ ...place, sha: "0".repeat(40), state: "success" });
    expect(await refusal(unknown)).toMatchObject({
      status: 422,
      message: `No commit found for SHA: ${"0".repeat(40)}`,
    });
    const reader = lab.octokit(tokens.eve).rest.repos.createCommitStatus({ ...place, sha, state: "success" });
    expect(await refusal(reader)).toMatchObject({ status: 403 });
  });
});

describe("check runs of the fake", () => {
  it("only apps may write check runs, and only their own", async () => {
    const head_sha = await commit();
    const input = { ...place, head_sha, name: "evidence", external_id: "run-1" };
    expect(await refusal(bob().checks.create(input))).toMatchObject({
      status: 403,
      message: "You must authenticate via a GitHub App.",
    });
    const { data } = await bot().checks.create(input);
    expect(data).toMatchObject({ status: "queued", conclusion: null, external_id: "run-1", app: { slug: "aedev" } });
    const output = { title: "Held", summary: "because" };
    const note = { path: "c.txt", start_line: 1, end_line: 1, annotation_level: "notice", message: "here" } as const;
    const conclusion = "neutral" as const;
    const change = { ...place, check_run_id: data.id, conclusion, output: { ...output, annotations: [note] } };
    expect((await bot().checks.update(change)).data).toMatchObject({
      status: "completed",
      conclusion: "neutral",
      output,
    });
    lab.github.addAccount({ login: "other", token: "ghs_other", kind: "app", permissions: { "acme/shop": "write" } });
    expect(await refusal(lab.octokit("ghs_other").rest.checks.update(change))).toMatchObject({ status: 403 });
    const open = lab
      .octokit(tokens.bot)
      .request("POST /repos/{owner}/{repo}/check-runs", { ...input, status: "completed" });
    expect(await refusal(open)).toMatchObject({ status: 422 });
  });

  it("lists of check runs filter by name, status, app and age", async () => {
    const ref = await commit();
    const { appId: app_id } = lab.github.app("aedev");
    await shop().checkRun({ app: "aedev", headSha: ref, name: "a", conclusion: "failure" });
    await shop().checkRun({ app: "aedev", headSha: ref, name: "a", conclusion: "success" });
    await shop().checkRun({ app: "aedev", headSha: ref, name: "b" });
    const list = async (filter: object) => {
      const { data } = await bob().checks.listForRef({ ...place, ref, ...filter });
      expect(data.total_count).toBe(data.check_runs.length);
      return data.check_runs.map(({ name, conclusion }) => `${name} ${conclusion}`);
    };
    expect(await list({})).toEqual(["b null", "a success"]);
    expect(await list({ filter: "all" })).toEqual(["b null", "a success", "a failure"]);
    expect(await list({ check_name: "a" })).toEqual(["a success"]);
    expect(await list({ status: "queued" })).toEqual(["b null"]);
    expect(await list({ app_id })).toHaveLength(2);
    expect(await list({ app_id: app_id + 1 })).toEqual([]);
  });
});

describe("branches of the fake", () => {
  it("show their protection, to an administrator in full", async () => {
    shop().protect("main", {
      requiredChecks: ["ci", { context: "evidence", appId: lab.github.app("aedev").appId }],
      strict: true,
      requiredReviews: 1,
    });
    const at = { ...place, branch: "main" };
    const { data } = await bob().repos.getBranch(at);
    expect(data).toMatchObject({
      protected: true,
      protection: {
        enabled: true,
        required_status_checks: { contexts: ["ci", "evidence"], enforcement_level: "non_admins" },
      },
    });
    const full = await lab.octokit(tokens.ann).rest.repos.getBranchProtection(at);
    expect(full.data).toMatchObject({
      required_status_checks: { strict: true, contexts: ["ci", "evidence"] },
      required_pull_request_reviews: { required_approving_review_count: 1 },
      enforce_admins: { enabled: false },
    });
    expect(await refusal(bob().repos.getBranchProtection(at))).toMatchObject({ status: 403 });
    expect((await bob().repos.getBranchRules(at)).data).toEqual([]);
    shop().unprotect("main");
    expect(await refusal(lab.octokit(tokens.ann).rest.repos.getBranchProtection(at))).toMatchObject({
      status: 404,
      message: "Branch not protected",
    });
    expect((await bob().repos.getBranch(at)).data).toMatchObject({ protected: false, protection: { enabled: false } });
  });

  it("list a ruleset's rules, which are no classic protection", async () => {
    shop().protect("main", { source: "ruleset", requiredChecks: ["ci"], requiredReviews: 0 });
    const { data } = await bob().repos.getBranchRules({ ...place, branch: "main" });
    expect(data.map(({ type }) => type)).toEqual([
      "deletion",
      "non_fast_forward",
      "pull_request",
      "required_status_checks",
    ]);
    const classic = lab.octokit(tokens.ann).rest.repos.getBranchProtection({ ...place, branch: "main" });
    expect(await refusal(classic)).toMatchObject({ status: 404 });
    shop().unprotect("main");
  });

  it("are found by a name with a slash, encoded or not", async () => {
    const sha = await shop()
      .as("bob")
      .push({ branch: "feature/deep", files: { "d.txt": "d" } });
    expect((await bob().repos.getBranch({ ...place, branch: "feature/deep" })).data.commit.sha).toBe(sha);
    expect((await bob().git.getRef({ ...place, ref: "heads/feature/deep" })).data.object).toMatchObject({
      type: "commit",
      sha,
    });
    const plain = await fetch(`${lab.github.apiUrl}/repos/acme/shop/git/ref/heads/feature/deep`);
    expect(plain.status).toBe(200);
    const missing = bob().git.getRef({ ...place, ref: "heads/feature" });
    expect(await refusal(missing)).toMatchObject({ status: 404, message: "Not Found" });
    expect((await bob().repos.getCommit({ ...place, ref: "feature/deep" })).data).toMatchObject({
      sha,
      author: { login: "bob" },
    });
  });

  it("can't be deleted while they are protected", async () => {
    await shop()
      .as("bob")
      .push({ branch: "kept", files: { "k.txt": "k" } });
    shop().protect("kept");
    expect(await refusal(bob().git.deleteRef({ ...place, ref: "heads/kept" }))).toMatchObject({ status: 422 });
    shop().unprotect("kept");
    expect((await bob().git.deleteRef({ ...place, ref: "heads/kept" })).status).toBe(204);
  });

  it("come from a repository that is named at the start", async () => {
    const folder = await lab.clone(tokens.ann, "origin");
    await using own = await openLaboratory({
      repositories: [{ fullName: "acme/copy", from: folder, defaultBranch: "main" }],
      accounts: [{ login: "zoe", token: "ghp_zoe", kind: "user", permissions: { "acme/copy": "read" } }],
    });
    const { data } = await own.octokit("ghp_zoe").rest.repos.get({ owner: "acme", repo: "copy" });
    expect(data).toMatchObject({ default_branch: "main", permissions: { push: false, pull: true } });
    expect(await own.github.repository("acme/copy").tip("main")).toBe(await shop().tip("main"));
  });
});
