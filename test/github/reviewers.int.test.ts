/** Requested reviewers of a change about which the gate asked: the owners by the base, once, and never as a condition. */

import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Landing, type LandingOptions, openLanding, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

const codeOwners = "reviewers: code-owners";
const drafts = "draft: after-judging";

/** `ann` and the team `core` may be asked; `eve` has no access. */
async function open(options: LandingOptions & { owners: string }): Promise<Landing> {
  const landing = await openLanding(gitHub, { base: { CODEOWNERS: options.owners }, ...options });
  for (const login of ["ann", landing.account.login]) landing.repository.setRole(login, "write");
  landing.repository.addTeam("core");
  return landing;
}
const askedOf = async ({ repository }: Landing) => {
  const { pull } = await repository.issue(1);
  return [
    ...(pull?.requestedReviewers ?? []).map(({ login }) => login),
    ...(pull?.requestedTeams ?? []).map(({ slug }) => slug),
  ];
};
const requests = ({ fullName }: Landing) =>
  gitHub.journal
    .mutating()
    .filter(({ path }) => path.includes(`/${fullName}/`) && path.endsWith("/requested_reviewers"));

describe("the owners of the files that a change touches", () => {
  it("are asked once with the draft, by the base's CODEOWNERS and not the change's", async () => {
    const owners = "* @ann @acme/core me@example.com\n";
    const files = { "src/a.js": "exports.a = 2;\n", CODEOWNERS: "* @mallory\n" };
    const landing = await open({ asked: [drafts, codeOwners], owners, files });
    landing.repository.setRole("mallory", "write");
    expect(await landing.drive()).toBe("asked");
    expect(await askedOf(landing)).toEqual(["ann", "core"]);
    expect(landing.task().pull_request).toMatchObject({
      reviewers: ["ann", "acme/core"],
      notes: ["not used of CODEOWNERS: me@example.com is an e-mail address"],
    });
    await landing.approve();
    expect(await landing.drive()).toBe("landed");
    expect(requests(landing)).toHaveLength(1);
  });

  it("are noted if GitHub refuses them, and the others are asked", async () => {
    const landing = await open({ asked: [drafts, codeOwners], owners: "* @eve @ann\n" });
    await landing.drive();
    expect(await askedOf(landing)).toEqual(["ann"]);
    expect(landing.task().pull_request?.notes).toEqual([
      expect.stringMatching(/^no review was requested from eve: GitHub refused .*: 422 /),
    ]);
  });

  it("are asked after an approval only if the branch requires reviews", async () => {
    const free = await open({ asked: [codeOwners], owners: "* @ann\n" });
    await free.approve();
    expect(await free.drive()).toBe("landed");
    expect(requests(free)).toEqual([]);
    const guarded = await open({ asked: [codeOwners], owners: "* @ann\n" });
    guarded.repository.protect("main", { source: "ruleset", requiredReviews: 1 });
    await guarded.approve();
    expect(await guarded.drive()).toBe("waits");
    expect(await askedOf(guarded)).toEqual(["ann"]);
  });

  it("are not asked by default", async () => {
    const landing = await open({ asked: [drafts], owners: "* @ann\n" });
    expect(await landing.drive()).toBe("asked");
    expect([await askedOf(landing), requests(landing)]).toEqual([[], []]);
  });
});
