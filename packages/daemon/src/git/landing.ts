/** Builds the commit that lands from the judged patch, and compares it with the evidence. The same inputs give the same commit id. It pushes nothing. */
import { composedForHost, escapeLine, Fault, type HostText, isFault } from "@aedev/contracts";
import { resultOfPatch } from "./apply-exactly.ts";
import {
  ensureBareRepository,
  inTurn,
  landingDirectory,
  mirrorDirectory,
  type RepositoryOptions,
} from "./bare-repository.ts";
import { type DerivedChange, deriveChange } from "./change.ts";
import { commitOnBase } from "./commit-on-base.ts";
import { readDifferingPaths } from "./diff.ts";
import { logTrailers } from "./log-trailers.ts";

/** The commit's message: the text for people, then trailers that link it to mission, task, bundle, change and log. */
export function withTrailers(
  message: HostText,
  parts: {
    missionId: string;
    taskId: string;
    bundleDigest: string;
    changeDigest: string;
    logHead: { position: number; hash: string; epoch?: number | undefined; signature?: string | undefined };
    /** Further trailers. */
    more?: readonly string[] | undefined;
  },
): HostText {
  const trailers = [
    `Aedev-Mission: ${parts.missionId}`,
    `Aedev-Task: ${parts.taskId}`,
    `Aedev-Bundle: ${parts.bundleDigest}`,
    `Aedev-Change: ${parts.changeDigest}`,
    ...logTrailers(parts.logHead),
    ...(parts.more ?? []),
  ];
  return composedForHost(`${message}\n\n${trailers.join("\n")}\n`);
}

/** Builds the commit. `committedAt` is ISO 8601 UTC; git keeps whole seconds. Throws a Fault `HOLD-PATCH-UNSAFE` if the evidence has another result. */
export async function buildCommit(
  options: RepositoryOptions & {
    baseCommit: string;
    patch: Uint8Array;
    expectedTree: string;
    expectedContentDigest: string;
    message: HostText;
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

/** Makes the landing repository, where commits are built and pushed from, unless it exists. `likeId`: any id of the mirrored repository. */
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
 * Whether a judged patch may move to another base: the bases agree in every file that it touches, and on the new base it is byte for byte the evidence diff.
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

function notTheEvidence(what: string): Fault {
  return new Fault("HOLD-PATCH-UNSAFE", `the ${what} of the patch on its base is not the judged ${what}`, {
    detail: `${what} differs`,
  });
}
