/** Signed commits, with real keys of ssh-keygen and gpg: git verifies them, and only the rebuilt commit comes back from the record. */

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { host } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { candidate } from "../../../../test/support/evidence-patch.ts";
import { bareRemote, gitText, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { deriveChange } from "../../src/git/change.ts";
import { buildCommit } from "../../src/git/landing.ts";
import { makeSignature } from "../../src/git/make-signature.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { restoreSignedCommit, signCommit } from "../../src/git/signed-commit.ts";

const keys = temporaryFolder();
const email = "ada@example.com";
const gpgHome = join(keys, "gnupg");
const before = process.env["GNUPGHOME"];
const quiet = { stdio: "pipe" } as const;

function sshKey(name: string, passphrase = ""): string {
  const path = join(keys, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", email, "-f", path], quiet);
  return path;
}

/** Without gpg its tests are skipped, and the report shows that. */
const hasGpg = spawnSync("gpg", ["--version"]).status === 0;

beforeAll(() => {
  mkdirSync(gpgHome, { mode: 0o700 });
  process.env["GNUPGHOME"] = gpgHome;
});
afterAll(() => {
  if (hasGpg) execFileSync("gpgconf", ["--kill", "all"], quiet);
  if (before === undefined) delete process.env["GNUPGHOME"];
  else process.env["GNUPGHOME"] = before;
});

async function unsignedCommit() {
  const remote = bareRemote({ "a.txt": "one\n" });
  const options = { home: temporaryFolder(), repository: "demo", url: remote, timeoutMs };
  const { commit: baseCommit } = await fetchBase(options);
  const { patch, tree } = candidate(remote, baseCommit, { files: { "a.txt": "two\n" } });
  const { contentDigest } = await deriveChange({ ...options, baseCommit, patch });
  const build = {
    ...{ ...options, baseCommit, patch, expectedTree: tree, expectedContentDigest: contentDigest },
    ...{
      message: host`Ünlaut\n\nA body\n`,
      authorName: "Ada",
      authorEmail: email,
      committedAt: "2026-01-02T03:04:05.678Z",
    },
  };
  const { commit } = await buildCommit(build);
  return { options, build, commit, gitDir: join(options.home, "landing", "demo.git") };
}

const sshSigners = () => join(keys, "allowed");

it.for(["ssh", "gpg"] as const)(
  "git verifies a signed commit, which comes back with the same id in another home (%s)",
  { timeout: 60_000 },
  async (kind, { skip }) => {
    if (kind === "gpg" && !hasGpg) skip("gpg is not installed");
    let key: string;
    if (kind === "ssh") {
      key = sshKey("id");
      writeFileSync(sshSigners(), `${email} namespaces="git" ${readFileSync(`${key}.pub`, "utf8")}`);
    } else {
      const make = ["--batch", "--pinentry-mode", "loopback", "--passphrase", "", "--quick-gen-key", `Ada <${email}>`];
      execFileSync("gpg", [...make, "ed25519", "sign", "never"], quiet);
      const listed = execFileSync("gpg", ["--list-keys", "--with-colons"], quiet).toString();
      key = listed.match(/^fpr:+([0-9A-F]{40}):/m)?.[1] ?? "";
    }
    const { options, build, commit, gitDir } = await unsignedCommit();
    const sign = (payload: Uint8Array) => makeSignature({ kind, key }, payload);
    const signed = await signCommit({ ...options, commit, sign });
    expect(signed.commit).not.toBe(commit);
    const allowed = `gpg.ssh.allowedSignersFile=${sshSigners()}`;
    const verify = (id: string) =>
      execFileSync("git", ["-c", allowed, `--git-dir=${gitDir}`, "verify-commit", "--raw", id], quiet);
    expect(() => verify(signed.commit)).not.toThrow();
    expect(() => verify(commit)).toThrow();
    expect(gitText(gitDir, ["show", "-s", "--format=%T %P %B", signed.commit])).toBe(
      gitText(gitDir, ["show", "-s", "--format=%T %P %B", commit]),
    );
    const elsewhere = { ...build, home: temporaryFolder() };
    await fetchBase(elsewhere);
    const { commit: unsigned } = await buildCommit(elsewhere);
    expect(unsigned).toBe(commit);
    expect(await restoreSignedCommit({ ...elsewhere, unsigned, object: signed.object })).toEqual({
      commit: signed.commit,
    });
    const text = Buffer.from(signed.object).toString("latin1");
    for (const other of [
      text.replace("A body", "B body"),
      text.replace(/^tree /, "tree 0"),
      text.replace("\n\n", "\nencoding x\n\n"),
      text.slice(0, text.indexOf("\n\n")),
    ])
      await expect(
        restoreSignedCommit({ ...elsewhere, unsigned, object: Buffer.from(other, "latin1") }),
      ).rejects.toThrow("the signed commit in the log is not what its patch gives");
  },
);

it("a key that is missing, locked, readable by others, behind a link or in a repository is refused, with the reason", async () => {
  const why = (signer: { kind: "ssh" | "gpg"; key: string }) =>
    makeSignature(signer, Buffer.from("x")).then(
      () => "signed",
      (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
    );
  const good = sshKey("good");
  expect(await why({ kind: "ssh", key: good })).toBe("signed");
  chmodSync(good, 0o640);
  expect(await why({ kind: "ssh", key: good })).toMatch(
    /^HOLD-SIGNING-FAILED: .*can be read by other users.*chmod 600/,
  );
  const inside = join(keys, "work");
  mkdirSync(join(inside, ".git"), { recursive: true });
  writeFileSync(join(inside, "id"), "x", { mode: 0o600 });
  expect(await why({ kind: "ssh", key: join(inside, "id") })).toContain(`is inside the repository ${inside}`);
  expect(await why({ kind: "ssh", key: join(keys, "none") })).toContain("there is no file");
  expect(await why({ kind: "ssh", key: inside })).toContain("is not a file");
  expect(await why({ kind: "ssh", key: sshKey("locked", "a passphrase") })).toMatch(
    /^HOLD-SIGNING-FAILED: .*passphrase/,
  );
  if (hasGpg)
    expect(await why({ kind: "gpg", key: "0123456789ABCDEF" })).toMatch(/^HOLD-SIGNING-FAILED: .*[Nn]o secret key/);
}, 60_000);
