/** The trailers that link a landed commit to the log. Anybody can push such lines: they prove nothing until home/signed-head.ts verifies their signature. */
import { gitIdSchema, sha256Schema } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { z } from "zod";

const runGit = gitAt("daemon/git/log-trailers");

/** The log's head when the commit was made. */
export interface TrailedHead {
  readonly position: number;
  readonly hash: string;
  readonly epoch: number;
  /** Ed25519 signature by the home's head key, in base64. */
  readonly signature: string;
}

/** A landed commit that names a head of the log, with a signature that is not verified yet. */
export interface LandedHead extends TrailedHead {
  readonly commit: string;
}

/** How many of the newest commits one call reads. Older ones were read before or are ignored. */
const commitsMax = 1_000;
/** Most bytes of trailers in those commits, because a commit message has no limit of its own. */
const trailerBytesMax = 8 * 1024 * 1024;
const names = ["Aedev-Log-Head", "Aedev-Log-Epoch", "Aedev-Log-Signature"] as const;

/** The lines for a commit message. A landing started by an earlier version has no epoch and no signature. */
export function logTrailers(head: {
  position: number;
  hash: string;
  epoch?: number | undefined;
  signature?: string | undefined;
}): string[] {
  const { position, hash, epoch, signature } = head;
  const signed =
    epoch === undefined || signature === undefined ? [] : [`${names[1]}: ${epoch}`, `${names[2]}: ${signature}`];
  return [`${names[0]}: ${position} ${hash}`, ...signed];
}

const lineSchema = z.tuple([
  gitIdSchema,
  z.string().regex(/^\d{1,15} [0-9a-f]{64}$/),
  z.string().regex(/^\d{1,15}$/),
  // 64 bytes.
  z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
]);

/** The log heads named in commits that are reachable from `commit`, newest first. `since`: a commit whose history was read before. */
export async function readLogTrailers(options: {
  gitDir: string;
  commit: string;
  since: string | null;
  timeoutMs: number;
}): Promise<LandedHead[]> {
  const { gitDir, commit, since, timeoutMs } = options;
  const fields = names.map((name) => `%(trailers:key=${name},valueonly,separator=%x2C)`);
  const format = `--format=tformat:${["%H", ...fields].join("%x09")}`;
  const range = [commit, ...(since === null ? [] : [`^${since}`])];
  const args = ["log", `--max-count=${commitsMax}`, "--no-show-signature", format, ...range, "--"];
  const { text } = await runGit({ args, gitDir, timeoutMs, outputBytesMax: trailerBytesMax });
  return text.split("\n").flatMap((line) => {
    const parsed = lineSchema.safeParse(line.split("\t"));
    if (!parsed.success) return [];
    const [id, head, epoch, signature] = parsed.data;
    const [position = "", hash = ""] = head.split(" ");
    return [
      { commit: id, position: Number(position), hash: sha256Schema.parse(hash), epoch: Number(epoch), signature },
    ];
  });
}
