/** A landing whose commit is signed: recorded with the intent, the same after a restart, and never pushed unsigned. */
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "@aedev/contracts";
import { ids } from "@aedev/core/testing";
import { expect, it } from "vitest";
import { bareRemote, git, gitText, temporaryFolder } from "../../../../test/support/git-repositories.ts";
import { landChange } from "../../src/work/land-change.ts";
import { noGitHub } from "../control/no-github.ts";
import { openSignedHome, signedBase } from "../evidence/signed-home.ts";

it("a signed landing is held while the key signs nothing, then lands the recorded commit, with trailers and a signature that git verifies", async () => {
  const folder = temporaryFolder();
  const key = join(folder, "id");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], { stdio: "pipe" });
  const remote = bareRemote(signedBase);
  const home = await openSignedHome(undefined, {
    gitDir: remote,
    url: remote,
    configuration: [
      "landing:",
      "  author_name: Ada Example",
      "  author_email: ada@example.com",
      "  sign_off: true",
      '  co_author: "Bo <bo@example.com>"',
      "  sign: ssh",
      `  signing_key: ${key}`,
      "",
    ].join("\n"),
    registration: { allow_writes: true },
    github: () => noGitHub,
  });
  await home.seal();
  await home.decide();
  await home.submit({ kind: "ApproveLanding", task_id: ids.task, digest: null });
  const before = gitText(remote, ["rev-parse", "main"]);
  chmodSync(key, 0o644);
  const failure = await landChange(ids.task, home.control).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Fault);
  expect(failure).toMatchObject({ code: "HOLD-SIGNING-FAILED", retry: false });
  expect(home.task().landing).toBeNull();
  expect(gitText(remote, ["rev-parse", "main"])).toBe(before);
  chmodSync(key, 0o600);
  const first = await landChange(ids.task, { ...home.control });
  const { landing } = home.task();
  expect(landing).toMatchObject({ commit_object: expect.anything(), trailers: { length: 2 } });
  expect(first).toMatchObject({ kind: "RecordLanded", commit: landing?.commit });
  // The process ended before it recorded that, and the key is gone.
  writeFileSync(key, "");
  git(remote, ["update-ref", "refs/heads/main", before]);
  expect(await landChange(ids.task, { ...home.control })).toMatchObject({ commit: landing?.commit });
  expect(gitText(remote, ["rev-parse", "main"])).toBe(landing?.commit);
  const allowed = join(folder, "allowed");
  writeFileSync(allowed, `ada@example.com ${readFileSync(`${key}.pub`, "utf8")}`);
  git(remote, ["-c", `gpg.ssh.allowedSignersFile=${allowed}`, "verify-commit", "main"]);
  const message = gitText(remote, ["show", "-s", "--format=%B", "main"]);
  const trailers = git("/", ["interpret-trailers", "--parse"], message).toString().trimEnd().split("\n");
  expect(trailers.slice(-2)).toEqual([
    "Co-authored-by: Bo <bo@example.com>",
    "Signed-off-by: Ada Example <ada@example.com>",
  ]);
  expect(trailers[0]).toContain("Aedev-Mission: ");
  await home.close();
});
