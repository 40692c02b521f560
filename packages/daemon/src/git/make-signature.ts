/** Signs with the operator's key, which is never read here: ssh-keygen or gpg in a separate process, with a scrubbed environment, a deadline, no terminal. */
import { spawn } from "node:child_process";
import { existsSync, lstatSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { escapeLine, Fault } from "@aedev/contracts";
import { assertPrivate } from "@aedev/host/private-home";

/** The key that signs commits: the path of a private key for ssh, a key's id for gpg. */
interface CommitSigner {
  readonly kind: "ssh" | "gpg";
  readonly key: string;
}

const timeoutMs = 20_000;
const signatureBytesMax = 16 * 1024;
const complaintBytesMax = 16 * 1024;
const causeCharactersMax = 300;
const forms = {
  ssh: /^-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+-----END SSH SIGNATURE-----$/,
  gpg: /^-----BEGIN PGP SIGNATURE-----\n(?:[A-Za-z]+: [^\n]*\n)*\n[A-Za-z0-9+/=\n]+-----END PGP SIGNATURE-----$/,
};

/** The armored signature of `payload`, in the form that git puts into a commit. Throws a Fault `HOLD-SIGNING-FAILED`. */
export async function makeSignature(signer: CommitSigner, payload: Uint8Array): Promise<string> {
  if (signer.kind === "ssh") checkKeyFile(signer.key);
  const { code, stdout, stderr } = await run(commandOf(signer), payload);
  const signature = stdout.trim();
  if (code === 0 && forms[signer.kind].test(signature)) return signature;
  throw signingFault(
    escapeLine(stderr.trim().replace(/\s*\n\s*/g, "; "), causeCharactersMax) || `it ended with ${code}`,
  );
}

function signingFault(why: string): Fault {
  return new Fault("HOLD-SIGNING-FAILED", `the commit could not be signed, so nothing was pushed: ${why}`);
}

/** Refuses a key file that other accounts can read, and one inside a repository, which a single push would publish. */
function checkKeyFile(path: string): void {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (file === undefined) throw signingFault(`there is no file ${escapeLine(path, causeCharactersMax)}`);
  if (!file.isFile()) throw signingFault(`${escapeLine(path, causeCharactersMax)} is not a file`);
  try {
    assertPrivate(path);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw signingFault(`${error.message}; ${error.hint ?? ""}`);
  }
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git")) || (existsSync(join(folder, "objects")) && existsSync(join(folder, "HEAD"))))
      throw signingFault(`${escapeLine(path, causeCharactersMax)} is inside the repository ${escapeLine(folder, 200)}`);
    if (folder === dirname(folder)) return;
  }
}

/** Nothing here can ask for a passphrase: such a key works only if gpg's agent has it unlocked. */
function commandOf({ kind, key }: CommitSigner): readonly [string, ...string[]] {
  if (kind === "ssh") return ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", key];
  return [
    "gpg",
    ...["--batch", "--no-tty", "--quiet", "--pinentry-mode", "error", "--armor"],
    ...["--local-user", key.replace(/^0x/, ""), "--detach-sign", "--output", "-"],
  ];
}

function environment(): NodeJS.ProcessEnv {
  const { PATH = "/usr/bin:/bin", HOME = homedir(), GNUPGHOME } = process.env;
  return {
    ...{ PATH, HOME, LC_ALL: "C.UTF-8", SSH_ASKPASS: "/bin/false", SSH_ASKPASS_REQUIRE: "never" },
    ...(GNUPGHOME === undefined ? {} : { GNUPGHOME }),
  };
}

async function run(
  [program, ...args]: readonly [string, ...string[]],
  input: Uint8Array,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  // In its own session, so that it has no terminal and ends together with what it started.
  const child = spawn(program, args, { cwd: "/", env: environment(), detached: true, stdio: "pipe" });
  const printed = { stdout: "", stderr: "" };
  const stop = () => {
    if (child.pid !== undefined) signalGroup(child.pid);
  };
  const read = (name: keyof typeof printed, bytesMax: number) =>
    child[name].setEncoding("utf8").on("data", (text: string) => {
      printed[name] += text;
      if (printed[name].length > bytesMax) stop();
    });
  read("stdout", signatureBytesMax);
  read("stderr", complaintBytesMax);
  // The program may end before it has read everything; its exit code tells.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const timer = setTimeout(stop, timeoutMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    return { code, ...printed };
  } catch (error) {
    throw signingFault(`${program} does not start: ${error instanceof Error ? escapeLine(error.message, 200) : ""}`);
  } finally {
    clearTimeout(timer);
  }
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
