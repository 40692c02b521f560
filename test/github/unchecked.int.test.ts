/** A head on which no check has appeared although its repository has workflows: it asks, and never merges by itself. */

import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { openLanding, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());
afterEach(() => void vi.useRealTimers());

const workflow = { ".github/workflows/ci.yml": "on: [push, pull_request]\n" };
/** The time in which workflows usually start is over. */
const later = () => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3 * 60_000 });

it("asks if no check appears, also the next time, and merges once a person releases it", async () => {
  const landing = await openLanding(gitHub, { base: workflow });
  expect(await landing.drive()).toBe("waits");
  later();
  const asked = await landing.drive();
  expect(asked).toMatch(/^HOLD-REMOTE-REFUSED: no check has appeared on the head of pull request #1, although/);
  expect(await landing.repository.tip("main")).toBe(landing.task().evidence?.base_commit);
  await landing.release();
  expect(await landing.drive()).toBe("landed");
});

it("merges a head with checks without asking, and one of a repository without workflows", async () => {
  const checked = await openLanding(gitHub, { base: workflow });
  expect(await checked.drive()).toBe("waits");
  await checked.report("ci", "success");
  later();
  expect(await checked.drive()).toBe("landed");
  vi.useRealTimers();
  expect(await (await openLanding(gitHub)).drive()).toBe("landed");
});

it("asks again for a next head: what a person accepted was the head that they were told of", async () => {
  const landing = await openLanding(gitHub, { base: workflow });
  expect(await landing.drive()).toBe("waits");
  later();
  expect(await landing.drive()).toMatch(/^HOLD-REMOTE-REFUSED/);
  await landing.release();
  await landing.repository.as("somebody").push({ branch: "main", files: { "elsewhere.txt": "moved\n" } });
  expect(await landing.drive()).toBe("captured");
  await landing.home.checkAgain();
  expect(await landing.drive()).toBe("waits");
  vi.setSystemTime(Date.now() + 3 * 60_000);
  expect(await landing.drive()).toMatch(/^HOLD-REMOTE-REFUSED: no check has appeared/);
  await landing.release();
  expect(await landing.drive()).toBe("landed");
});

it("waits for the reviews that are missing too, and asks about the checks once they are there", async () => {
  const landing = await openLanding(gitHub, { base: workflow });
  landing.repository.protect("main", { source: "ruleset", requiredReviews: 1 });
  expect(await landing.drive()).toBe("waits");
  later();
  expect(await landing.drive()).toBe("waits");
  expect(landing.task().pull_request?.waits_for.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["approvals", "no-checks"]),
  );
  landing.repository.unprotect("main");
  expect(await landing.drive()).toMatch(/^HOLD-REMOTE-REFUSED: no check has appeared/);
});
