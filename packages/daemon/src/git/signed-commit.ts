/** Makes signed commits. Signing is not repeatable, so the signed commit is recorded before its push, and must be the rebuilt commit plus a signature. */
import { Fault, gitIdSchema } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { inTurn, landingDirectory, type RepositoryOptions } from "./bare-repository.ts";

const runGit = gitAt("daemon/git/signed-commit");

/** Signs a commit of the landing repository. */
export async function signCommit(
  options: RepositoryOptions & { commit: string; sign: (payload: Uint8Array) => Promise<string> },
): Promise<{ commit: string; object: Uint8Array }> {
  const unsigned = await readCommit(options, options.commit);
  const object = withSignature(unsigned, await options.sign(unsigned), options.commit);
  return { commit: await writeCommit(options, object), object };
}

/** Puts a recorded commit into the landing repository. Throws a Fault `HOLD-PATCH-UNSAFE` unless it is `unsigned` plus a signature. */
export async function restoreSignedCommit(
  options: RepositoryOptions & { unsigned: string; object: Uint8Array },
): Promise<{ commit: string }> {
  const { unsigned, object } = options;
  const expected = await readCommit(options, unsigned);
  if (!Buffer.from(withoutSignature(Buffer.from(object))).equals(expected))
    throw new Fault("HOLD-PATCH-UNSAFE", "the signed commit in the log is not what its patch gives");
  return { commit: await writeCommit(options, object) };
}

/** Adds the signature as a header of the commit; its further lines begin with a space. With SHA-256 ids the header has another name. */
function withSignature(unsigned: Buffer, signature: string, commit: string): Buffer {
  const end = unsigned.indexOf("\n\n");
  const header = `\n${commit.length === 64 ? "gpgsig-sha256" : "gpgsig"} ${signature.replaceAll("\n", "\n ")}`;
  return Buffer.concat([unsigned.subarray(0, end), Buffer.from(header), unsigned.subarray(end)]);
}

function withoutSignature(object: Buffer): Buffer {
  const end = object.indexOf("\n\n");
  const headers = object.subarray(0, end).toString("latin1");
  const kept = headers.replace(/\ngpgsig(?:-sha256)? [^\n]*(?:\n [^\n]*)*$/, "");
  return Buffer.concat([Buffer.from(kept, "latin1"), object.subarray(end)]);
}

async function readCommit(options: RepositoryOptions, commit: string): Promise<Buffer> {
  const gitDir = landingDirectory(options);
  const args = ["cat-file", "commit", gitIdSchema.parse(commit)];
  return (await runGit({ args, gitDir, timeoutMs: options.timeoutMs })).stdout;
}

async function writeCommit(options: RepositoryOptions, object: Uint8Array): Promise<string> {
  const gitDir = landingDirectory(options);
  const { timeoutMs } = options;
  const args = ["hash-object", "-t", "commit", "-w", "--stdin"];
  const { text } = await inTurn(gitDir, () => runGit({ args, gitDir, input: object, timeoutMs }));
  return gitIdSchema.parse(text);
}
