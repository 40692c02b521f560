/** A home is rolled back to an older copy after it landed a change (SECURITY T33): the landed commit names a later log. A stranger's commit does nothing. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { copyHome } from "./support/copy-home.ts";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
});
afterEach(() => laboratory[Symbol.asyncDispose]());

const mission = "Make add() right for negative numbers in lib/add.js";
interface Status {
  readonly untrusted: { reasons: string[]; position: number; hash: string } | null;
}
const status = async () => (await laboratory.must("status", "--json")).json<Status>();

it("an older copy of a home holds everything at its start, and lands again once a person accepted it", async () => {
  const bare = await registerSmallProject(laboratory);
  await laboratory.must("daemon", "stop");
  const older = join(laboratory.folder, "older");
  copyHome(laboratory.home, older);
  await laboratory.must("daemon", "start");
  const first = await laboratory.wait(await laboratory.submit("small", mission));
  expect(first).toMatchObject({ exitCode: 0, mission: { status: "landed" } });
  const message = await laboratory.git(bare, "log", "-1", "--format=%B", "main");
  expect(message).toMatch(/^Aedev-Log-Head: \d+ [0-9a-f]{64}\nAedev-Log-Epoch: 1\nAedev-Log-Signature: \S{88}$/m);

  // The control: this home recognizes its own commit.
  await laboratory.must("daemon", "stop");
  await laboratory.must("daemon", "start");
  await laboratory.must("repo", "pause", "small");
  await laboratory.must("repo", "resume", "small");
  expect((await status()).untrusted).toBeNull();

  await laboratory.must("daemon", "stop");
  renameSync(laboratory.home, join(laboratory.folder, "newer"));
  renameSync(older, laboratory.home);
  expect((await laboratory.must("events", "verify")).stdout).toBe("the log is whole");
  await laboratory.must("daemon", "start");
  await laboratory.until(async () => (await status()).untrusted !== null);
  const { untrusted } = await status();
  if (untrusted === null) throw new Error("the log is trusted");
  expect(untrusted.reasons.join("\n")).toMatch(/the log is older than commit [0-9a-f]{12} of small/);
  const intake = ["intake", mission, "--repo", "small", "--criterion", "a new test fails before and passes after"];
  expect(await laboratory.run(...intake)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("aedev events accept --tip"),
  });
  expect((await laboratory.run("doctor")).stdout).toMatch(/INVALID +log: the log is older/);
  await laboratory.must("daemon", "stop");
  expect((await laboratory.must("status", "--plain")).stdout).toContain("LOG NOT TRUSTED");
  await laboratory.must("daemon", "start");
  const tip = `${untrusted.position}:${untrusted.hash}`;
  const accepted = await laboratory.must(
    "events",
    "accept",
    "--tip",
    tip,
    "--reason",
    "the disk was restored",
    "--json",
  );
  expect(accepted.json()).toMatchObject({ epoch: 2 });

  const work = join(laboratory.folder, "somebody");
  await laboratory.git(laboratory.folder, "clone", "-q", bare, work);
  await laboratory.git(work, "revert", "--no-edit", "HEAD");
  await laboratory.git(work, "push", "-q", "origin", "HEAD:main");
  const again = await laboratory.wait(await laboratory.submit("small", mission));
  expect(again).toMatchObject({ exitCode: 0, mission: { status: "landed" } });
  expect(await laboratory.git(bare, "log", "-1", "--format=%B", "main")).toContain("Aedev-Log-Epoch: 2");
  expect((await status()).untrusted).toBeNull();
});

it("log heads that strangers write into commits are ignored", async () => {
  const bare = await registerSmallProject(laboratory);
  const work = join(laboratory.folder, "stranger");
  await laboratory.git(laboratory.folder, "clone", "-q", bare, work);
  const forged = `later\n\nAedev-Log-Head: 99999 ${"a".repeat(64)}\nAedev-Log-Epoch: 9\nAedev-Log-Signature: ${"A".repeat(86)}==\n`;
  await laboratory.git(work, "commit", "-q", "--allow-empty", "-m", forged);
  await laboratory.git(work, "push", "-q", "origin", "HEAD:main");
  const { exitCode, mission: ended } = await laboratory.wait(await laboratory.submit("small", mission));
  expect({ exitCode, status: ended.status }).toEqual({ exitCode: 0, status: "landed" });
  expect((await status()).untrusted).toBeNull();
});
