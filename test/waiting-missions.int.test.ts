/** Reasons that keep a mission from starting, as a person sees them (a paused repository, the hours, a predecessor), and its start once none is left. */
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
  // A run that begins is held at once, because there is no engine.
  laboratory.environment["DOCKER_HOST"] = `unix://${join(laboratory.folder, "no-docker.sock")}`;
});
afterEach(() => laboratory[Symbol.asyncDispose]());

const text = "Make add() right for negative numbers in lib/add.js";
const begun = async () => (await laboratory.must("events", "export")).stdout.match(/"type":"RunStarted"/g)?.length ?? 0;
const shown = async (id: string) =>
  (await laboratory.must("mission", "show", id, "--json")).json<{ status: string; waits_for?: string[] }>();
async function submit(...more: string[]): Promise<string> {
  const criterion = "add(-1, 2) is 1, shown by a new test";
  const submitted = await laboratory.must(
    "intake",
    text,
    "--repo",
    "small",
    "--criterion",
    criterion,
    ...more,
    "--json",
  );
  const { mission_id } = submitted.json<{ mission_id: string }>();
  await laboratory.must("mission", "approve", mission_id);
  return mission_id;
}
/** The hours from this many before now to this many after now. */
function hours(from: number, to: number): string {
  const at = (offset: number) => new Date(Date.now() + offset * 3_600_000).toTimeString().slice(0, 5);
  return `"${at(from)}-${at(to)}"`;
}

it("says that a repository is paused, starts nothing in it, and starts when it is resumed", {
  timeout: 180_000,
}, async () => {
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  expect(await laboratory.run("repo", "pause", "other")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("no repository named other"),
  });
  for (let twice = 0; twice < 2; twice += 1)
    expect((await laboratory.must("repo", "pause", "small", "--json")).json()).toMatchObject({
      name: "small",
      paused: true,
    });
  expect((await laboratory.must("repo", "list")).stdout).toMatch(/small.* paused/);
  expect((await laboratory.must("repo", "show", "small")).stdout).toContain("aedev repo resume small");
  const id = await submit();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await begun()).toBe(0);
  expect(await shown(id)).toMatchObject({ status: "approved", waits_for: ["repository paused: small"] });
  expect((await laboratory.must("mission", "show", id)).stdout).toContain("aedev repo resume small");
  expect((await laboratory.must("mission", "list")).stdout).toContain("repository paused: small");
  // Neither a change of settings nor a restart resumes it.
  await laboratory.must(
    "repo",
    "add",
    join(laboratory.folder, "small.git"),
    "--name",
    "small",
    "--profile",
    "safe",
    "--no-try",
  );
  await laboratory.must("daemon", "stop");
  await laboratory.must("daemon", "start");
  const status = (await laboratory.must("status", "--json")).json<{ queued: object[] }>();
  expect(status.queued).toEqual([
    { mission_id: id, title: text, waits_for: ["repository paused: small"], help: "aedev repo resume small" },
  ]);
  expect(await begun()).toBe(0);
  await laboratory.must("repo", "resume", "small");
  await laboratory.until(async () => (await begun()) === 1);
  expect(await shown(id)).not.toHaveProperty("waits_for");
});

it("says that it is outside the hours of run_window, and starts inside them", { timeout: 180_000 }, async () => {
  await laboratory.configure(`limits:\n  run_window: ${hours(2, 3)}\n`);
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  const id = await submit();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await begun()).toBe(0);
  expect((await shown(id)).waits_for).toEqual([expect.stringMatching(/^outside run_window until \d\d:\d\d$/)]);
  expect((await laboratory.must("status")).stdout).toContain("outside run_window until");
  await laboratory.must("daemon", "stop");
  await laboratory.configure(`limits:\n  run_window: ${hours(-1, 2)}\n`);
  await laboratory.must("daemon", "start");
  await laboratory.until(async () => (await begun()) === 1);
});

it("says what a mission comes after, and how to get out if that never lands", { timeout: 180_000 }, async () => {
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  await laboratory.must("repo", "pause", "small");
  const first = await submit();
  const second = await submit("--after", first);
  expect((await shown(second)).waits_for).toEqual([`waits for ${first}`, "repository paused: small"]);
  expect((await laboratory.must("mission", "show", second)).stdout).toMatch(new RegExp(`after: +${first}`));
  await laboratory.must("repo", "resume", "small");
  await laboratory.until(async () => (await begun()) === 1);
  await laboratory.must("mission", "cancel", first);
  expect((await shown(second)).waits_for).toEqual([`waits for ${first}, which is cancelled and will never land`]);
  expect((await laboratory.must("mission", "show", second)).stdout).toContain(`aedev mission cancel ${second}`);
  expect(await begun()).toBe(1);
  await laboratory.must("mission", "cancel", second);
  expect((await shown(second)).status).toBe("cancelled");
});
