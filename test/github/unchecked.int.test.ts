/** A head on which no check has appeared although its repository has workflows: it asks, and never merges by itself. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { FakeGitHub } from "../../packages/demo/src/fake/github/server.ts";
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
