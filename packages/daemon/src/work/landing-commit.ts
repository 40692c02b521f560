/** Makes a landing's commit: records its parts as the intent before anything is pushed, and rebuilds it from that record after a restart. */
import {
  canonicalJson,
  checksSchema,
  composedForHost,
  escapeLine,
  Fault,
  type HostText,
  isTaskBranch,
} from "@aedev/contracts";
import { runOfChange, type TaskState } from "@aedev/core";
import { commitMessage, requestTrailers, templateTrailers } from "../commit-text/commit-message.ts";
import { makeCommand, requiredTask } from "../control/control.ts";
import type {
  Blobs,
  Commands,
  Configured,
  GitHubs,
  Home,
  Mirrors,
  Records,
  Spending,
  Trust,
  WriteRules,
} from "../control/parts.ts";
import { plannedLanding } from "../control/permitted-writes.ts";
import { openBundle, readSpecification } from "../control/read-blobs.ts";
import { repositoryCommits } from "../control/repository-commits.ts";
import { writerOf } from "../control/written-by.ts";
import { buildCommit, withTrailers } from "../git/landing.ts";
import { makeSignature } from "../git/make-signature.ts";
import { restoreSignedCommit, signCommit } from "../git/signed-commit.ts";
import { signTrailer } from "../home/signed-head.ts";

/** How many trailers the log takes for one commit, besides aedev's own. */
const trailersMax = 8;

export type Landing = NonNullable<TaskState["landing"]>;

/** The parts of control that a landing's commit needs. */
export type CommitParts = Home & Blobs & Mirrors & Records & Commands & WriteRules & Configured<"landing">;
/** The parts of control that recording a landed commit needs. */
export type LandedParts = Blobs & Mirrors & Trust & Records & WriteRules;
/** The parts of control that following a pull request needs. */
export type PullParts = LandedParts & Spending & GitHubs & Configured<"landing" | "outcomes">;
/** The parts of control that a landing needs. */
export type LandParts = CommitParts & PullParts;

/** Appends the intent before anything is pushed. The commit follows from the intent alone. */
export async function recordIntent(
  task: TaskState,
  control: CommitParts,
  { draft = false, undone = [] }: { draft?: boolean; undone?: readonly string[] } = {},
): Promise<Landing | null> {
  const { ref, head_ref } = plannedLanding(task, control);
  if (task.evidence === null || ref === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const { author, message, trailers } = wordsOf(task, control);
  const intent = {
    ref,
    ...(head_ref === undefined ? {} : { head_ref }),
    ...(draft ? { draft: true as const } : {}),
    base_commit: task.evidence.base_commit,
    tree: task.evidence.tree,
    committed_at: new Date().toISOString(),
    author,
    message: control.blobs.put(message, "text/plain"),
    ...(trailers.length === 0 ? {} : { trailers }),
    log_head: signedLogHead(control),
  };
  const made = await signedIfConfigured(await commitOf(task, intent, control), task, control);
  const answer = await control.log.submit(
    makeCommand({ kind: "StartLanding", task_id: task.task_id, undone, ...intent, ...made }, "control"),
  );
  return answer.kind === "refused" ? null : requiredTask(control.log.state, task.task_id).landing;
}

/** The author, message and trailers. Throws a Fault `HOLD-REMOTE-REFUSED` if the template wants an issue and the mission names none. */
function wordsOf(task: TaskState, control: Blobs & Records & Configured<"landing">) {
  const { landing } = control.configuration;
  const { text } = readSpecification(control, task);
  const writer = writerOf(task, control);
  const templated = templateTrailers(repositoryCommits(task, control), text, writer);
  if (templated === null)
    throw new Fault("HOLD-REMOTE-REFUSED", "the repository's commit template wants an {issue}", {
      detail: "the commit template of the repository has {issue}, and the mission names none",
    });
  const trailers = [...new Set([...landing.trailers, ...requestTrailers(text, writer), ...templated])];
  return {
    author: { name: landing.author_name, email: landing.author_email },
    message: messageOf(task, control),
    trailers: trailers.slice(0, trailersMax),
  };
}

/** True if the remote refused the commit and today's settings make another one. Not after a push without a clear answer: that commit may still arrive. */
export function isToBeReworded(
  task: TaskState,
  landing: Landing,
  control: Blobs & Records & WriteRules & Configured<"landing">,
): boolean {
  if (runOfChange(task)?.outcome?.code !== "HOLD-REMOTE-REFUSED") return false;
  const planned = plannedLanding(task, control);
  // The configured branch prefix may have changed since. Whether the branch may be pushed is decided elsewhere.
  const isRenamed =
    landing.head_ref === undefined
      ? isTaskBranch(landing.ref, task.task_id) && planned.ref !== landing.ref
      : planned.head_ref !== undefined && planned.head_ref !== landing.head_ref;
  if (isRenamed) return true;
  const { author, message, trailers } = wordsOf(task, control);
  const { signer } = control.configuration.landing;
  return (
    canonicalJson([author, message, trailers, signer !== null]) !==
    canonicalJson([
      landing.author,
      recordedMessage(task, landing.message, control),
      landing.trailers ?? [],
      landing.commit_object !== undefined,
    ])
  );
}

/** The signature is recorded with the intent: where signing is configured nothing unsigned is pushed, and a restart does not sign again. */
async function signedIfConfigured(
  commit: string,
  task: TaskState,
  control: Blobs & Mirrors & Configured<"landing">,
): Promise<Pick<Landing, "commit" | "commit_object">> {
  const { signer } = control.configuration.landing;
  if (signer === null) return { commit };
  const signed = await signCommit({
    ...control.mirror(task.repository),
    commit,
    sign: (payload) => makeSignature(signer, payload),
  });
  return { commit: signed.commit, commit_object: control.blobs.put(signed.object, "application/octet-stream") };
}

/** A trailer with the head of the log. A commit that is found on the remote then tells how far this home's log had come. */
function signedLogHead({ home, log }: Home & Records): Landing["log_head"] {
  const claim = { ...log.head, epoch: log.state.system.epoch };
  return { ...claim, signature: signTrailer(home, claim) };
}

/** The commit's message. The log records it, so that another version of aedev rebuilds the same commit. */
function messageOf(task: TaskState, control: Blobs & Records): HostText {
  const bundle = task.evidence === null ? null : openBundle(control, task.evidence.bundle.digest);
  return commitMessage({
    specification: readSpecification(control, task),
    writer: writerOf(task, control),
    checks: bundle?.entry("checks", checksSchema) ?? null,
    verdicts: task.verdicts,
    approvedBy: task.approval?.by ?? null,
    reading: repositoryCommits(task, control),
    reverts: task.reverts,
  });
}

/** Title length of older versions, which did not record the message. */
const titleCharactersMax = 72;

function recordedMessage(task: TaskState, message: Landing["message"], control: Blobs & Records): HostText {
  if (message !== undefined) return composedForHost(new TextDecoder().decode(control.blobs.get(message.digest)));
  const title = control.log.stateWith({ tasks: [task.task_id] }).missions[task.mission_id]?.title ?? "";
  return composedForHost(escapeLine(title, titleCharactersMax) || "Land a judged change");
}

async function commitOf(
  task: TaskState,
  intent: Pick<Landing, "base_commit" | "tree" | "committed_at" | "author" | "message" | "log_head" | "trailers">,
  control: Blobs & Mirrors & Records,
): Promise<string> {
  if (task.evidence === null || task.patch === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const { commit } = await buildCommit({
    ...control.mirror(task.repository),
    baseCommit: intent.base_commit,
    patch: control.blobs.get(task.patch.digest),
    expectedTree: intent.tree,
    expectedContentDigest: task.evidence.content_digest,
    authorName: intent.author.name,
    authorEmail: intent.author.email,
    committedAt: intent.committed_at,
    message: landingMessage(task, intent, control),
  });
  return commit;
}

/** The whole message of a landing's commit, with its trailers. */
export function landingMessage(
  task: TaskState,
  { message, log_head, trailers }: Pick<Landing, "message" | "log_head" | "trailers">,
  control: Blobs & Records,
): HostText {
  if (task.evidence === null) throw new Error(`task ${task.task_id} lands without evidence`);
  return withTrailers(recordedMessage(task, message, control), {
    missionId: task.mission_id,
    taskId: task.task_id,
    bundleDigest: task.evidence.bundle.digest,
    changeDigest: task.evidence.change_digest,
    logHead: log_head,
    more: trailers,
  });
}

/** Throws a Fault `HOLD-PATCH-UNSAFE` if the recorded commit can't be rebuilt from its patch. */
export async function rebuildSameCommit(
  task: TaskState,
  landing: Landing,
  control: Blobs & Mirrors & Records,
): Promise<void> {
  const unsigned = await commitOf(task, landing, control);
  const { commit: rebuilt } =
    landing.commit_object === undefined
      ? { commit: unsigned }
      : await restoreSignedCommit({
          ...control.mirror(task.repository),
          unsigned,
          object: control.blobs.get(landing.commit_object.digest),
        });
  if (rebuilt !== landing.commit)
    throw new Fault("HOLD-PATCH-UNSAFE", "the commit in the log can't be rebuilt", {
      detail: `log ${landing.commit}, rebuilt ${rebuilt}`,
    });
}
