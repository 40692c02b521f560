/** Proposed missions from a repository at the fake GitHub are found, withdrawn, rejected and accepted; only a person turns one into a mission. */
import { missionDocument, openProposals } from "@aedev/core";
import { type FakeGitHub, startFakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { submissionCommand } from "../packages/daemon/src/clarification/submission.ts";
import { newId } from "../packages/daemon/src/control/control.ts";
import { proposalRoutes } from "../packages/daemon/src/http/routes/proposal-routes.ts";
import { findProposals } from "../packages/daemon/src/proposals/find-proposals.ts";
import { issueFolder, openIssueHome } from "./github/support/issues-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startFakeGitHub({ folder: issueFolder() });
});
afterAll(() => gitHub.close());

async function opened(sources: string) {
  const home = await openIssueHome(gitHub, { sources });
  const routes = proposalRoutes(home.control);
  const caller = { by: "operator", way: "terminal" } as never;
  return {
    ...home,
    find: () => findProposals("shop", home.control),
    open: () => openProposals(home.control.log.state).map(({ proposal }) => proposal),
    push: (files: Record<string, string | null>) => home.repository.as("ann").push({ branch: "main", files }),
    accept: (id: string, body: object = {}) => routes.acceptProposal({ params: { id }, body, caller } as never),
    reject: (id: string) => routes.rejectProposal({ params: { id }, body: {}, caller } as never),
    [Symbol.asyncDispose]: () => home.close(),
  };
}

it("a TODO is proposed once, withdrawn with its line, and not proposed again once rejected", async () => {
  await using home = await opened("todo");
  await home.find();
  expect(home.open()).toEqual([]);
  const secret = `ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}`;
  await home.push({
    "lib/add.js": "// TODO(aedev): return 0 for NaN\nexports.add = 1;\n",
    "lib/evil.js": `// TODO(aedev): use ${secret}\n// TODO(else): no\n// TODO: no\n`,
    "bin.dat": "TODO(aedev): in a binary\u0000",
  });
  await home.find();
  await home.find();
  expect(home.open()).toMatchObject([{ source: "todo", title: "Do what a TODO in lib/add.js asks for" }]);
  expect(home.open()[0]?.text).toContain("    return 0 for NaN");
  expect(JSON.stringify(await home.control.log.listEvents())).not.toContain(secret);
  expect([home.missions(), await home.events("MissionSubmitted", "MissionApproved")]).toEqual([[], []]);
  // Its line moves, and later it is gone.
  await home.push({ "lib/add.js": "\n\n// TODO(aedev): return 0 for NaN\n" });
  await home.find();
  expect(await home.events("MissionProposed", "ProposalEnded")).toHaveLength(1);
  await home.push({ "lib/add.js": "exports.add = 1;\n" });
  await home.find();
  expect(home.open()).toEqual([]);
  expect(await home.events("ProposalEnded")).toHaveLength(1);
  // It comes back, is rejected, and does not come back again.
  await home.push({ "lib/add.js": "// TODO(aedev): return 0 for NaN\n" });
  await home.find();
  const [proposal] = home.open();
  expect(await home.reject(proposal?.proposal_id ?? "")).toMatchObject({ proposals: [] });
  expect(await home.reject(proposal?.proposal_id ?? "")).toMatchObject({ status: 404 });
  await home.find();
  await home.push({ "lib/add.js": null });
  await home.find();
  await home.push({ "lib/add.js": "// TODO(aedev): return 0 for NaN\n" });
  await home.find();
  expect(home.open()).toEqual([]);
});

it("an accepted proposal is a mission of the person who accepted it, and waits for its answers and its approval", async () => {
  await using home = await opened("todo");
  await home.push({ "lib/add.js": "// TODO(aedev): return 0 for NaN\n" });
  await home.find();
  const [proposal] = home.open();
  const accepted = await home.accept(proposal?.proposal_id ?? "");
  const [mission] = home.missions();
  expect(accepted).toMatchObject({ mission_id: mission?.mission_id });
  expect(mission).toMatchObject({ author: "operator", title: "Do what a TODO in lib/add.js asks for", task_ids: [] });
  expect(["clarifying", "awaiting_approval"]).toContain(
    missionDocument(home.control.log.state, mission?.mission_id ?? "")?.status,
  );
  expect(await home.events("ProposalAccepted")).toMatchObject([
    { data: { by: "operator", proposal_id: proposal?.proposal_id, mission_id: mission?.mission_id } },
  ]);
  expect(await home.accept(proposal?.proposal_id ?? "")).toMatchObject({ status: 404 });
  await home.find();
  expect([home.open(), home.missions().length]).toEqual([[], 1]);
});

it("a proposal with the text of an open mission is refused and stays open, unless the person wants it again", async () => {
  await using home = await opened("todo");
  await home.push({ "lib/add.js": "// TODO(aedev): return 0 for NaN\n" });
  await home.find();
  const [proposal] = home.open();
  const id = proposal?.proposal_id ?? "";
  const given = { text: `${proposal?.text}\n`, criteria: [], mission_id: newId("m"), repository: "shop" };
  const { command } = await submissionCommand(home.control, { ...given, priority: "normal", after: [] });
  await home.submit(command);
  expect(await home.accept(id)).toMatchObject({
    status: 409,
    body: { error: { code: "same-request", same: { mission_id: given.mission_id } } },
  });
  expect([home.open().length, home.missions().length]).toEqual([1, 1]);
  await home.accept(id, { again: true });
  expect([home.open().length, home.missions().length]).toEqual([0, 2]);
});

it("a failed check on the head of the default branch is proposed until it passes; other checks and branches are not", async () => {
  await using home = await opened("failing-check");
  const first = await home.push({ "lib/add.js": "// TODO(aedev): not a source here\n" });
  const other = await home.repository.as("ann").push({ branch: "topic", files: { "a.txt": "a\n" } });
  const status = (sha: string, context: string, state: "failure" | "pending" | "success") =>
    home.repository.as("ci").status({ sha, context, state });
  await status(first, "test", "failure");
  await status(first, "lint", "success");
  await status(first, "slow", "pending");
  await status(other, "topic only", "failure");
  await home.find();
  await home.find();
  expect(home.open()).toMatchObject([{ source: "failing-check", key: "failing-check test" }]);
  expect(home.open()[0]?.text).toContain(first);
  // GitHub gives no answer, then a new head has no result so far: nothing is decided.
  gitHub.faults.add({ when: "before", path: /\/check-runs/, status: 503 });
  await expect(home.find()).rejects.toThrow();
  const second = await home.push({ "lib/add.js": "exports.add = 1;\n" });
  await home.find();
  await status(second, "test", "pending");
  await home.find();
  expect(home.open()).toHaveLength(1);
  // Once rejected, it stays away while it fails; once it has passed, it may fail for another reason.
  await home.reject(home.open()[0]?.proposal_id ?? "");
  await status(second, "test", "failure");
  await home.find();
  expect(home.open()).toEqual([]);
  await status(second, "test", "success");
  await home.find();
  await status(second, "test", "failure");
  await home.find();
  expect(home.open()).toMatchObject([{ key: "failing-check test" }]);
  await status(second, "test", "success");
  await home.find();
  expect(home.open()).toEqual([]);
});

it("nothing is searched for unless a source is configured", async () => {
  await using home = await opened("");
  const head = await home.push({ "lib/add.js": "// TODO(aedev): return 0 for NaN\n" });
  await home.repository.as("ci").status({ sha: head, context: "test", state: "failure" });
  await home.find();
  expect(home.open()).toEqual([]);
});

it("an open Dependabot alert is proposed until it has ended; without the permission nothing is decided", async () => {
  await using home = await opened("dependabot");
  await home.find();
  const number = home.repository.raiseAlert({ dependency: "minimist", patched: "1.2.6", summary: "@ann fixes #1" });
  home.repository.raiseAlert({ dependency: "@ann closes #2", patched: null });
  await home.find();
  await home.find();
  expect(home.open().map(({ source, title }) => [source, title])).toEqual([
    ["dependabot", "Replace a dependency that has a known flaw"],
    ["dependabot", "Update minimist to 1.2.6 or later because of GHSA-aaaa-bbbb-0001"],
  ]);
  expect(home.open()[1]?.text).toContain("    flaw: @ann fixes #1");
  gitHub.faults.add({ when: "before", path: /\/dependabot\/alerts/, status: 403 });
  home.repository.endAlert(number);
  await home.find();
  expect(home.open()).toHaveLength(2);
  await home.find();
  expect(home.open()).toHaveLength(1);
});

it("flaws are proposed before wishes, and an unreadable source holds no other back", async () => {
  await using home = await opened("todo, failing-check, dependabot");
  const wishes = Array.from({ length: 60 }, (_, index) => `// TODO(aedev): wish ${index}`).join("\n");
  await home.push({ "lib/add.js": `${wishes}\n` });
  home.repository.raiseAlert({ dependency: "minimist", patched: "1.2.6" });
  gitHub.faults.add({ when: "before", path: /\/check-runs/, status: 503 });
  await expect(home.find()).rejects.toThrow();
  const sources = home.open().map(({ source }) => source);
  expect(sources.filter((source) => source === "dependabot")).toHaveLength(1);
  expect(sources.length).toBeGreaterThan(1);
});

it("an unreadable alert hides and ends no other, as one beyond the first page ends none", async () => {
  await using home = await opened("dependabot");
  const raise = (dependency: string, advisory?: string) =>
    home.repository.raiseAlert({ dependency, patched: "1.2.6", ...(advisory === undefined ? {} : { advisory }) });
  const known = raise("minimist");
  const unreadable = raise("left-pad", "no advisory");
  await home.find();
  expect(home.open()).toHaveLength(1);
  home.repository.endAlert(known);
  const semver = raise("semver");
  await home.find();
  expect(home.open()).toHaveLength(2);
  home.repository.endAlert(unreadable);
  await home.find();
  expect(home.open()).toHaveLength(1);
  // The list has the hundred newest.
  for (let index = 0; index < 100; index += 1) raise("again", "GHSA-cccc-dddd-0001");
  await home.find();
  expect(home.open()).toHaveLength(2);
  home.repository.endAlert(semver + 1);
  home.repository.endAlert(semver);
  await home.find();
  expect(home.open()).toHaveLength(1);
});
