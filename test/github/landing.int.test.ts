/** A judged change lands through a pull request, on real git and a real log, at a fake GitHub that behaves as its documentation says. */

import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitText } from "../support/git-repositories.ts";
import { type Landing, openLanding, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

const treeAt = ({ repository }: Landing, ref: string) => gitText(repository.gitDir, ["rev-parse", `${ref}^{tree}`]);
const mutations = ({ fullName }: Landing) =>
  gitHub.journal
    .mutating()
    .filter(({ path, acted }) => acted && path.includes(fullName))
    .map(
      ({ method, path }) =>
        `${method} ${
          path
            .replace(/^\/api\/v3/, "")
            .replace(/[0-9a-f]{40}/, "SHA")
            .split("?")[0]
        }`,
    );

describe("a landing through a pull request", () => {
  it.each([
    ["merge", undefined, "Close it"],
    ["squash", { style: "conventional", scope: "app" }, "chore(app): close it"],
    ["rebase", undefined, "Close it"],
  ] as const)(
    "opens it, reports the evidence, merges by %s and removes the branch; what lands is the judged tree, as the repository wants its commits to read",
    async (mergeMethod, commits, title) => {
      const landing = await openLanding(gitHub, { mergeMethod, ...(commits && { commits }) });
      const judged = landing.task().evidence?.tree;
      expect(await landing.drive()).toBe("landed");
      const task = landing.task();
      expect(task.pull_request).toMatchObject({ number: 1, tree_differs: false });
      expect(treeAt(landing, "main")).toBe(judged);
      expect(task.landed_commit).toBe(await landing.repository.tip("main"));
      expect(await landing.repository.tip(landing.branch)).toBeNull();
      const pull = await landing.repository.issue(1);
      expect(pull).toMatchObject({ title, state: "closed" });
      expect(pull.body).toContain("### It is done when");
      const of = `/repos/${landing.fullName}`;
      expect(mutations(landing)).toEqual([
        `POST /${landing.fullName}.git/git-receive-pack`,
        `POST ${of}/pulls`,
        `POST ${of}/statuses/SHA`,
        `PUT ${of}/pulls/1/merge`,
        `POST /${landing.fullName}.git/git-receive-pack`,
      ]);
      const messages = gitText(landing.repository.gitDir, ["log", "--format=%B", "main"]);
      expect(messages).toContain("Aedev-Bundle: ");
      expect(messages).toMatch(
        new RegExp(`^${title.replace(/[()]/g, "\\$&")}${mergeMethod === "squash" ? " \\(#1\\)" : ""}$`, "m"),
      );
    },
  );

  it("writes a check run instead of a status if aedev is an app there", async () => {
    const landing = await openLanding(gitHub, { identity: "app" });
    expect(await landing.drive()).toBe("landed");
    expect(mutations(landing)).toContain(`POST /repos/${landing.fullName}/check-runs`);
    expect(mutations(landing).join()).not.toContain("/statuses/");
  });

  it("merges nothing once aedev may no longer write, although its pull request is open", async () => {
    const landing = await openLanding(gitHub);
    landing.repository.protect("main", { requiredChecks: ["test"] });
    expect(await landing.drive()).toBe("waits");
    await landing.configure({ allow_writes: false });
    gitHub.journal.clear();
    expect(await landing.drive()).toBe("HOLD-REMOTE-WRITES-OFF: aedev may no longer merge into refs/heads/main");
    expect(gitHub.journal.mutating()).toEqual([]);
    expect(await landing.repository.tip("main")).toBe(landing.task().evidence?.base_commit);
  });
});

describe("a pull request that has to wait", () => {
  it("waits for a required check, says which, and merges once it has passed", async () => {
    const landing = await openLanding(gitHub);
    landing.repository.protect("main", { requiredChecks: ["test"] });
    expect(await landing.drive()).toBe("waits");
    expect(landing.task().pull_request?.waits_for).toEqual([{ kind: "check-missing", name: "test" }]);
    gitHub.journal.clear();
    expect(await landing.drive()).toBe("waits");
    const reads = gitHub.journal.entries.filter(({ kind, method }) => kind === "rest" && method === "GET");
    // If a look finds nothing new, only the pull request itself counts against the rate limit.
    expect(reads.filter(({ status }) => status !== 304).map(({ path }) => path)).toEqual([
      expect.stringMatching(/\/pulls\/1$/),
    ]);
    expect(reads.length).toBeGreaterThan(4);
    const head = landing.task().landing?.commit ?? "";
    await landing.repository.as("ci").status({ sha: head, context: "test", state: "pending" } as never);
    expect(await landing.drive()).toBe("waits");
    expect(landing.task().pull_request?.waits_for).toEqual([{ kind: "check-running", name: "test" }]);
    await landing.repository.as("ci").status({ sha: head, context: "test", state: "success" } as never);
    expect(await landing.drive()).toBe("landed");
  });
});
