/** A head without checks although its repository has workflows asks, and never merges by itself. */

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

it("a head without checks asks, also the next time, and merges once a person releases it", async () => {
  const landing = await openLanding(gitHub, { base: workflow });
  expect(await landing.drive()).toBe("waits");
  later();
  const asked = await landing.drive();
  expect(asked).toMatch(/^HOLD-REMOTE-REFUSED: no check has appeared on the head of pull request #1, although/);
  expect(await landing.repository.tip("main")).toBe(landing.task().evidence?.base_commit);
  await landing.release();
  expect(await landing.drive()).toBe("landed");
});

it("a head with checks, or in a repository without workflows, merges without a question", async () => {
  const checked = await openLanding(gitHub, { base: workflow });
  expect(await checked.drive()).toBe("waits");
  await checked.report("ci", "success");
  later();
  expect(await checked.drive()).toBe("landed");
  vi.useRealTimers();
  expect(await (await openLanding(gitHub)).drive()).toBe("landed");
});

it("a new head without checks asks again, because a person only accepted the head that they were shown", async () => {
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

it("a head without checks first waits for missing reviews, then asks about the checks", async () => {
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
