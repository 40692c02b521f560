/** Pull requests of the fake GitHub through Octokit: opening, following branches, mergeability, protection, the three ways of merging. */
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
let count = 0;
/** Makes a branch with one commit; returns its name. */
async function branch(files: Record<string, string> = {}): Promise<string> {
  count += 1;
  const name = `work-${count}`;
  await shop()
    .as("bob")
    .push({ branch: name, files: { [`${name}.txt`]: name, ...files }, message: `Add ${name}` });
  return name;
}
async function open(head: string, options: { draft?: boolean; base?: string } = {}) {
  const { data } = await bob().pulls.create({
    ...place,
    head,
    base: "main",
    title: `Take ${head}`,
    body: "why",
    ...options,
  });
  return data;
}
const read = async (pull_number: number) => (await bob().pulls.get({ ...place, pull_number })).data;

describe("opening a pull request", () => {
  it("a pull request has the tips of its branches and is clean", async () => {
    const head = await branch();
    const pull = await open(head);
    expect(pull).toMatchObject({
      state: "open",
      merged: false,
      draft: false,
      commits: 1,
      changed_files: 1,
      additions: 1,
    });
    expect(pull.head).toMatchObject({ ref: head, label: `acme:${head}`, sha: await shop().tip(head) });
    expect(pull.base.sha).toBe(await shop().tip("main"));
    expect(await read(pull.number)).toMatchObject({ mergeable: true, mergeable_state: "clean" });
    const listed = await bob().pulls.list({ ...place, head: `acme:${head}`, base: "main", state: "open" });
    expect(listed.data.map(({ number }) => number)).toEqual([pull.number]);
    expect((await bob().pulls.list({ ...place, head: "acme:none" })).data).toEqual([]);
  });

  it("a second pull request for the same branches is refused until the first is closed", async () => {
    const head = await branch();
    const first = await open(head);
    expect(await refusal(open(head))).toMatchObject({
      status: 422,
      message: "Validation Failed",
      errors: [{ resource: "PullRequest", code: "custom", message: `A pull request already exists for acme:${head}.` }],
    });
    await bob().pulls.update({ ...place, pull_number: first.number, state: "closed" });
    expect((await open(head)).number).toBeGreaterThan(first.number);
  });

  it("a pull request without a difference, with unknown branches or missing fields is refused", async () => {
    await shop().as("bob").push({ branch: "same", files: {}, onto: "main" });
    await lab.git(lab.folder, "--git-dir", shop().gitDir, "update-ref", "refs/heads/equal", "main");
    expect(await refusal(open("equal"))).toMatchObject({
      status: 422,
      errors: [{ message: "No commits between main and equal" }],
    });
    expect(await refusal(open("none"))).toMatchObject({ status: 422, errors: [{ field: "head", code: "invalid" }] });
    const title = await refusal(
      lab.octokit(tokens.bob).request("POST /repos/{owner}/{repo}/pulls", { ...place, head: "x", base: "main" }),
    );
    expect(title).toMatchObject({ status: 422, message: 'Invalid request.\n\n"title" wasn\'t supplied.' });
  });

  it("a reader can't open a pull request, but an app can", async () => {
    const head = await branch();
    const input = { ...place, head, base: "main", title: "t" };
    expect(await refusal(lab.octokit(tokens.eve).rest.pulls.create(input))).toMatchObject({
      status: 403,
      message: "Resource not accessible by personal access token",
    });
    const { data } = await lab.octokit(tokens.bot).rest.pulls.create(input);
    expect(data.user).toMatchObject({ login: "aedev[bot]", type: "Bot" });
  });
});

describe("a pull request follows its branches", () => {
  it("a push moves the head, a force-push is an event, and a deleted branch closes it", async () => {
    const head = await branch();
    const { number } = await open(head);
    const next = await shop()
      .as("bob")
      .push({ branch: head, files: { "next.txt": "n" } });
    expect((await read(number)).head.sha).toBe(next);
    const forced = await shop()
      .as("bob")
      .push({ branch: head, files: { "forced.txt": "f" }, force: true });
    expect((await read(number)).head.sha).toBe(forced);
    await bob().git.deleteRef({ ...place, ref: `heads/${head}` });
    expect(await read(number)).toMatchObject({ state: "closed", merged: false });
    const events = (await bob().issues.listEvents({ ...place, issue_number: number })).data.map(({ event }) => event);
    expect(events).toEqual(["head_ref_force_pushed", "head_ref_deleted", "closed"]);
    expect(await refusal(bob().git.deleteRef({ ...place, ref: `heads/${head}` }))).toMatchObject({
      status: 422,
      message: "Reference does not exist",
    });
  });

  it("a pull request is merged if a push brings its head into the base", async () => {
    const head = await branch();
    const { number } = await open(head);
    const folder = await lab.clone(tokens.ann, "merger");
    await lab.git(folder, "merge", "--no-ff", "-m", "By hand", `origin/${head}`);
    const before = await shop().tip("main");
    await lab.git(folder, "push", "origin", "HEAD:main");
    const merge = (await lab.git(folder, "rev-parse", "HEAD")).stdout.trim();
    expect(await read(number)).toMatchObject({
      state: "closed",
      merged: true,
      merge_commit_sha: merge,
      commits: 1,
      base: { sha: before },
      merged_by: { login: "ann" },
    });
  });

  it("a pull request is merged, not only closed, if one push brings its head into the base and deletes it", async () => {
    const head = await branch();
    const { number } = await open(head);
    const folder = await lab.clone(tokens.ann, "forward");
    const tip = await shop().tip(head);
    expect(await lab.git(folder, "push", "origin", `origin/${head}:main`, `:${head}`)).toMatchObject({ code: 0 });
    expect(await read(number)).toMatchObject({ merged: true, merge_commit_sha: tip, merged_by: { login: "ann" } });
    expect(await shop().tip(head)).toBeNull();
  });

  it("a pull request is closed and not merged if its head is set back to its base", async () => {
    const head = await branch();
    const { number } = await open(head);
    const folder = await lab.clone(tokens.bob, "back");
    await lab.git(folder, "push", "--force", "origin", `origin/main:${head}`);
    expect(await read(number)).toMatchObject({ state: "closed", merged: false });
  });

  it("a pull request is dirty and can't be merged on a conflict", async () => {
    const head = await branch({ "README.md": "ours\n" });
    const { number } = await open(head);
    await shop()
      .as("ann")
      .push({ branch: "main", files: { "README.md": "theirs\n" } });
    expect(await read(number)).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
    expect(await refusal(bob().pulls.merge({ ...place, pull_number: number }))).toMatchObject({
      status: 405,
      message: "Pull Request is not mergeable",
    });
  });

  it("the first reads after a change answer unknown if the fake was started so", async () => {
    await using slow = await openLaboratory({ unknownMergeabilityReads: 1 });
    await slow.github
      .repository("acme/shop")
      .as("bob")
      .push({ branch: "slow", files: { "s.txt": "s" } });
    const { pulls } = slow.octokit(tokens.bob).rest;
    const { data } = await pulls.create({ ...place, head: "slow", base: "main", title: "t" });
    expect(data).toMatchObject({ mergeable: null, mergeable_state: "unknown" });
    const again = await pulls.get({ ...place, pull_number: data.number });
    expect(again.data).toMatchObject({ mergeable: true, mergeable_state: "clean" });
  });
});

describe("merging a pull request", () => {
  it.each(["merge", "squash", "rebase"] as const)("a %s makes real commits of that kind", async (merge_method) => {
    const head = await branch();
    await shop()
      .as("bob")
      .push({ branch: head, files: { [`${head}-2.txt`]: "2" }, message: "Second" });
    await shop()
      .as("ann")
      .push({ branch: "main", files: { [`main-${head}.txt`]: "m" } });
    const pull = await open(head);
    const before = await shop().tip("main");
    const { data } = await bob().pulls.merge({
      ...place,
      pull_number: pull.number,
      merge_method,
      sha: pull.head.sha,
    });
    expect(data).toMatchObject({ merged: true, message: "Pull Request successfully merged" });
    expect(await shop().tip("main")).toBe(data.sha);
    const { data: commit } = await bob().repos.getCommit({ ...place, ref: data.sha });
    const parents = commit.parents.map(({ sha }) => sha);
    if (merge_method === "merge") expect(parents).toEqual([before, pull.head.sha]);
    if (merge_method === "squash") expect(parents).toEqual([before]);
    if (merge_method === "rebase") expect(commit.commit.message).toBe("Second");
    const subject = commit.commit.message.split("\n")[0];
    if (merge_method === "merge") expect(subject).toBe(`Merge pull request #${pull.number} from acme/${head}`);
    if (merge_method === "squash") expect(subject).toBe(`Take ${head} (#${pull.number})`);
    const files = await lab.git(lab.folder, "--git-dir", shop().gitDir, "ls-tree", "--name-only", "main");
    expect(files.stdout.split("\n")).toEqual(
      expect.arrayContaining([`${head}.txt`, `${head}-2.txt`, `main-${head}.txt`]),
    );
    expect(await read(pull.number)).toMatchObject({
      merged: true,
      merge_commit_sha: data.sha,
      merged_by: { login: "bob" },
    });
    expect(await refusal(bob().pulls.merge({ ...place, pull_number: pull.number }))).toMatchObject({ status: 405 });
  });

  it.each(["merge", "squash"] as const)("a %s uses the caller's message", async (merge_method) => {
    const pull = await open(await branch());
    const message = { commit_title: "Say it plainly", commit_message: "Because.\n\nShown-by: a test" };
    const { data } = await bob().pulls.merge({ ...place, pull_number: pull.number, merge_method, ...message });
    const { data: commit } = await bob().repos.getCommit({ ...place, ref: data.sha });
    expect(commit.commit.message).toBe(`${message.commit_title}\n\n${message.commit_message}`);
    expect(commit.commit.committer).toMatchObject({ name: "GitHub", email: "noreply@github.com" });
  });

  it("pull requests that are merged at once all arrive, one after another", async () => {
    const opened = [await open(await branch()), await open(await branch()), await open(await branch())];
    const merged = await Promise.all(
      opened.map(({ number: pull_number }) => bob().pulls.merge({ ...place, pull_number })),
    );
    const log = await lab.git(lab.folder, "--git-dir", shop().gitDir, "rev-list", "--first-parent", "-3", "main");
    expect(log.stdout.trim().split("\n").toSorted()).toEqual(merged.map(({ data }) => data.sha).toSorted());
  });

  it("merging another head than the caller saw is a conflict, and a forbidden method is refused", async () => {
    const head = await branch();
    const pull = await open(head);
    const seen = pull.head.sha;
    await shop()
      .as("bob")
      .push({ branch: head, files: { "late.txt": "late" } });
    expect(await refusal(bob().pulls.merge({ ...place, pull_number: pull.number, sha: seen }))).toMatchObject({
      status: 409,
      message: "Head branch was modified. Review and try the merge again.",
    });
    shop().change({ allowSquashMerge: false });
    const squash = bob().pulls.merge({ ...place, pull_number: pull.number, merge_method: "squash" });
    expect(await refusal(squash)).toMatchObject({
      status: 405,
      message: "Squash merges are not allowed on this repository.",
    });
    shop().change({ allowSquashMerge: true, deleteBranchOnMerge: true });
    await bob().pulls.merge({ ...place, pull_number: pull.number });
    expect(await shop().tip(head)).toBeNull();
    shop().change({ deleteBranchOnMerge: false });
  });

  it("is refused for a draft until it is ready", async () => {
    const pull = await open(await branch(), { draft: true });
    expect(await read(pull.number)).toMatchObject({ draft: true, mergeable_state: "draft" });
    expect(await refusal(bob().pulls.merge({ ...place, pull_number: pull.number }))).toMatchObject({
      status: 405,
      message: "Pull Request is still a draft",
    });
    const answer = await lab
      .octokit(tokens.bob)
      .graphql(
        "mutation($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }",
        { id: pull.node_id },
      );
    expect(answer).toMatchObject({ markPullRequestReadyForReview: { pullRequest: { isDraft: false } } });
    await lab
      .octokit(tokens.bob)
      .graphql(
        "mutation($input: ConvertPullRequestToDraftInput!) { convertPullRequestToDraft(input: $input) { pullRequest { isDraft } } }",
        { input: { pullRequestId: pull.node_id } },
      );
    expect((await read(pull.number)).draft).toBe(true);
    const unknown = lab
      .octokit(tokens.bob)
      .graphql('mutation { convertPullRequestToDraft(input: {pullRequestId: "PR_none"}) { clientMutationId } }');
    await expect(unknown).rejects.toThrow("Could not resolve to a node");
    const mark = (token: string) =>
      lab
        .octokit(token)
        .graphql(
          "mutation($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }",
          { id: pull.node_id },
        );
    await expect(mark(tokens.eve)).rejects.toThrow("Resource not accessible by personal access token");
    expect((await read(pull.number)).draft).toBe(true);
    await expect(mark("ghp_wrong")).rejects.toMatchObject({ status: 401 });
  });
});

describe("a protected base", () => {
  it("blocks merging until its checks and reviews are there", async () => {
    await using own = await openLaboratory();
    const repository = own.github.repository("acme/shop");
    const { pulls, repos } = own.octokit(tokens.bob).rest;
    const sha = await repository.as("bob").push({ branch: "side", files: { "s.txt": "s" } });
    repository.protect("main", { requiredChecks: ["ci"], requiredReviews: 1, strict: true });
    const { data } = await pulls.create({ ...place, head: "side", base: "main", title: "t" });
    const at = { ...place, pull_number: data.number };
    const state = async () => (await pulls.get(at)).data.mergeable_state;
    const why = async () => (await refusal(pulls.merge(at))).message;
    expect(await state()).toBe("blocked");
    expect(await why()).toBe(
      'At least 1 approving review is required by reviewers with write access. Required status check "ci" is expected.',
    );
    await repository.as("ann").review(data.number, { event: "APPROVE" });
    expect(await why()).toBe('Required status check "ci" is expected.');
    await repository.checkRun({ app: "aedev", headSha: sha, name: "ci", status: "in_progress" });
    expect(await why()).toBe('Required status check "ci" is pending.');
    await repository.checkRun({ app: "aedev", headSha: sha, name: "ci", conclusion: "failure" });
    expect(await why()).toBe('Required status check "ci" is failing.');
    await repository.checkRun({ app: "aedev", headSha: sha, name: "ci", conclusion: "success" });
    await repos.createCommitStatus({ ...place, sha, state: "pending", context: "optional" });
    expect(await state()).toBe("unstable");
    await repository.as("ann").push({ branch: "main", files: { "m.txt": "m" } });
    expect(await state()).toBe("behind");
    expect(await refusal(pulls.merge(at))).toMatchObject({
      status: 405,
      message: 'Required status check "ci" is expected.',
    });
    repository.protect("main", { requiredChecks: ["ci"], requiredReviews: 1 });
    expect((await pulls.merge(at)).data.merged).toBe(true);
  });

  it("counts only reviewers with write access; a request for changes blocks until it is dismissed", async () => {
    await using own = await openLaboratory();
    const repository = own.github.repository("acme/shop");
    await repository.as("bob").push({ branch: "side", files: { "s.txt": "s" } });
    repository.protect("main", { requiredReviews: 1 });
    const number = await repository.as("bob").openPull({ title: "t", head: "side" });
    const state = async () =>
      (await own.octokit(tokens.bob).rest.pulls.get({ ...place, pull_number: number })).data.mergeable_state;
    await repository.as("eve").review(number, { event: "APPROVE" });
    expect(await state()).toBe("blocked");
    const own_review = own
      .octokit(tokens.bob)
      .rest.pulls.createReview({ ...place, pull_number: number, event: "APPROVE" });
    expect(await refusal(own_review)).toMatchObject({ status: 422 });
    const id = await repository.as("ann").review(number, { event: "REQUEST_CHANGES", body: "no" });
    expect(await state()).toBe("blocked");
    await repository.as("bob").dismiss(number, id);
    await repository.as("ann").review(number, { event: "APPROVE" });
    expect(await state()).toBe("clean");
    const { data } = await own.octokit(tokens.bob).rest.pulls.listReviews({ ...place, pull_number: number });
    expect(data.map((review) => review.state)).toEqual(["APPROVED", "DISMISSED", "APPROVED"]);
  });
});
