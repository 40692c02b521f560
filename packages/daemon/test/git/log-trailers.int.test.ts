/** Trailers about the log in commits of a mirror: which are read, and whose signature counts. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bareRemote, git, gitText, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { logTrailers, readLogTrailers } from "../../src/git/log-trailers.ts";
import { isOwnTrailer, makeSigningKey, signTrailer } from "../../src/home/signed-head.ts";

const head = { position: 17, hash: "d".repeat(64), epoch: 2 };

/** An empty commit on the remote's branch with this message. */
function commit(remote: string, message: string): string {
  const tree = gitText(remote, ["rev-parse", "HEAD^{tree}"]);
  const author = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"];
  const id = git(remote, [...author, "commit-tree", tree, "-p", "HEAD", "-F", "-"], message)
    .toString()
    .trim();
  git(remote, ["update-ref", "HEAD", id]);
  return id;
}

it("log trailers are read from new commits only, and only in their form", async () => {
  const gitDir = bareRemote({ a: "a\n" });
  const signed = { ...head, signature: Buffer.alloc(64, 1).toString("base64") };
  const first = commit(gitDir, `one\n\n${logTrailers(signed).join("\n")}\n`);
  const before = await readLogTrailers({ gitDir, commit: first, since: null, timeoutMs });
  expect(before).toEqual([{ commit: first, ...signed }]);
  const lines = logTrailers(signed);
  for (const trailers of [
    lines.slice(0, 2),
    lines.slice(0, 1),
    ["Aedev-Log-Head: -1 x", ...lines.slice(1)],
    [lines[0], "Aedev-Log-Epoch: 1e9", lines[2]],
    [...lines, ...lines],
    [...lines.slice(0, 2), `Aedev-Log-Signature: ${"A".repeat(400)}`],
  ])
    commit(gitDir, `odd\n\n${trailers.join("\n")}\n`);
  const last = commit(gitDir, "no trailer\n");
  expect(await readLogTrailers({ gitDir, commit: last, since: first, timeoutMs })).toEqual([]);
  expect(await readLogTrailers({ gitDir, commit: last, since: null, timeoutMs })).toEqual(before);
});

it("a log trailer counts only with the home key's signature over exactly its values", () => {
  const [home, other] = [join(temporaryFolder(), "home"), join(temporaryFolder(), "home")];
  for (const one of [home, other]) {
    mkdirSync(join(one, "keys"), { recursive: true });
    makeSigningKey(one);
  }
  const signature = signTrailer(home, head);
  expect(isOwnTrailer(home, { ...head, signature })).toBe(true);
  for (const changed of [{ position: 18 }, { epoch: 3 }, { hash: "e".repeat(64) }])
    expect(isOwnTrailer(home, { ...head, ...changed, signature })).toBe(false);
  expect(isOwnTrailer(home, { ...head, signature: signTrailer(other, head) })).toBe(false);
  expect(isOwnTrailer(home, { ...head, signature: Buffer.alloc(64).toString("base64") })).toBe(false);
});
