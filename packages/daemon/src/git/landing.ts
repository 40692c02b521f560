/** Builds the commit that lands from the judged patch and compares it with the evidence. The same inputs give the same commit id. It pushes nothing. */
import { escapeLine, Fault, gitIdSchema, isFault } from "@aedev/contracts";
import { runGit } from "@aedev/host/git/run-git";
import { resultOfPatch } from "./apply-exactly.ts";
import {
  ensureBareRepository,
  inTurn,
  landingDirectory,
  mirrorDirectory,
  type RepositoryOptions,
} from "./bare-repository.ts";
import { type DerivedChange, deriveChange } from "./change.ts";
import { readDifferingPaths } from "./diff.ts";
import { logTrailers } from "./log-trailers.ts";

/** The message as it is committed: the words for people, then trailers that link it to mission, task, bundle, change and log. */
export function withTrailers(
  message: string,
  parts: {
    missionId: string;
    taskId: string;
    bundleDigest: string;
    changeDigest: string;
    logHead: { position: number; hash: string; epoch?: number | undefined; signature?: string | undefined };
    /** Further lines of the same form. */
    more?: readonly string[] | undefined;
  },
): string {
  const trailers = [
    `Aedev-Mission: ${parts.missionId}`,
    `Aedev-Task: ${parts.taskId}`,
    `Aedev-Bundle: ${parts.bundleDigest}`,
    `Aedev-Change: ${parts.changeDigest}`,
    ...logTrailers(parts.logHead),
    ...(parts.more ?? []),
  ];
  return `${message}\n\n${trailers.join("\n")}\n`;
}

/** Builds the commit. `committedAt` is ISO 8601 UTC; git keeps whole seconds. Throws a Fault `HOLD-PATCH-UNSAFE` if the result is not what the evidence says. */
export async function buildCommit(
  options: RepositoryOptions & {
    baseCommit: string;
    patch: Uint8Array;
    expectedTree: string;
    expectedContentDigest: string;
    message: string;
    authorName: string;
    authorEmail: string;
    committedAt: string;
  },
): Promise<{ commit: string }> {
  const gitDir = await openLandingRepository(options, options.baseCommit);
  return inTurn(gitDir, async () => {
    const { tree, contentDigest } = await resultOfPatch({ ...options, gitDir });
    if (tree !== options.expectedTree) throw notTheEvidence("tree");
    if (contentDigest !== options.expectedContentDigest) throw notTheEvidence("content digest");
    return { commit: await commitOnBase({ ...options, gitDir, tree }) };
  });
}

/** A commit of this tree with the base as its only parent. `committedAt`: ISO 8601 UTC. */
export async function commitOnBase(options: {
  gitDir: string;
  tree: string;
  baseCommit: string;
  message: string;
  authorName: string;
  authorEmail: string;
  committedAt: string;
  timeoutMs: number;
}): Promise<string> {
  const answer = await runGit({
    args: ["commit-tree", options.tree, "-p", options.baseCommit, "-F", "-"],
    gitDir: options.gitDir,
    input: options.message,
    environment: identity(options),
    timeoutMs: options.timeoutMs,
  });
  return gitIdSchema.parse(answer.text);
}

/** Makes the repository that commits are built in and pushed from, unless it exists. `likeId`: any id of the mirrored repository. */
export async function openLandingRepository(options: RepositoryOptions, likeId: string): Promise<string> {
  const dir = landingDirectory(options);
  const { timeoutMs } = options;
  await inTurn(dir, () => ensureBareRepository({ dir, likeId, alternates: mirrorDirectory(options), timeoutMs }));
  return dir;
}

/** Paths that differ between two bases in the mirror. */
export async function touchedBetween(options: RepositoryOptions & { baseA: string; baseB: string }): Promise<string[]> {
  const { timeoutMs } = options;
  return readDifferingPaths({ gitDir: mirrorDirectory(options), from: options.baseA, to: options.baseB, timeoutMs });
}

/** `change`: the same patch, derived on the new base. */
export type Carried = { unchanged: true; change: DerivedChange } | { unchanged: false; why: string };

/**
 * Whether a judged patch may be carried to a moved base: no file that it touches differs between the bases, and on the new base it is again the
 * exact evidence diff, byte for byte, which is stricter than an equal `patch-id --stable`.
 */
export async function appliesUnchanged(
  options: RepositoryOptions & { oldBase: string; newBase: string; patch: Uint8Array },
): Promise<Carried> {
  const moved = new Set(await touchedBetween({ ...options, baseA: options.oldBase, baseB: options.newBase }));
  const before = await deriveChange({ ...options, baseCommit: options.oldBase });
  const both = before.changed.find((file) => moved.has(file.path));
  if (both !== undefined) return { unchanged: false, why: `${escapeLine(both.path, 200)} changed on both sides` };
  try {
    return { unchanged: true, change: await deriveChange({ ...options, baseCommit: options.newBase }) };
  } catch (error) {
    if (!isFault(error, "HOLD-PATCH-UNSAFE")) throw error;
    return { unchanged: false, why: error.message };
  }
}

function identity(options: { authorName: string; authorEmail: string; committedAt: string }): Record<string, string> {
  const date = `@${Math.floor(Date.parse(options.committedAt) / 1000)} +0000`;
  const { authorName: name, authorEmail: email } = options;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}

function notTheEvidence(what: string): Fault {
  return new Fault("HOLD-PATCH-UNSAFE", `the ${what} of the patch on its base is not the judged ${what}`, {
    detail: `${what} differs`,
  });
}
