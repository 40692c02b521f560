/** The labels of a landing pull request are set once, and a landing does not depend on them. */

import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLanding, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

describe("labels of a landing pull request", () => {
  it("are set before anything is waited for, and not again once a person removed one", async () => {
    const landing = await openLanding(gitHub, { labels: ["aedev", "by a machine"] });
    landing.repository.protect("main", { requiredChecks: ["test"] });
    expect(await landing.drive()).toBe("waits");
    const names = async () => (await landing.repository.issue(1)).labels.map(({ name }) => name);
    expect(await names()).toEqual(["aedev", "by a machine"]);
    await landing.repository.as("somebody").unlabel(1, "aedev");
    await landing.report("test", "success");
    expect(await landing.drive()).toBe("landed");
    expect(await names()).toEqual(["by a machine"]);
  });

  it("are noted if GitHub refuses them, and the change lands", async () => {
    const landing = await openLanding(gitHub, { labels: ["aedev"] });
    gitHub.faults.add({ method: "POST", path: /\/labels$/, when: "before", status: 403, body: { message: "No" } });
    expect(await landing.drive()).toBe("landed");
    expect(landing.task().pull_request?.notes).toEqual([
      expect.stringContaining("the labels aedev were not set: GitHub refused"),
    ]);
  });
});
