/** Prepares a task's run: fetches the base, reads `.aedev.yaml` and the instruction files from that commit only, tightens the policy, composes the prompt. */

import { canonicalJson, captureNoteLines, escapeLine, Fault, type Specification } from "@aedev/contracts";
import {
  type CommandBody,
  combineSettings,
  effectiveProfile,
  type Policy,
  type State,
  type TaskState,
} from "@aedev/core";
import { policyForRepository } from "../configuration/load-policy.ts";
import { overlayOfBase, readOverlay } from "../control/base-overlay.ts";
import { makeCommand, newId, requiredTask } from "../control/control.ts";
import type { Blobs, Commands, Configured, Mirrors, Records, Rules, Spending, Trust } from "../control/parts.ts";
import { readSpecification } from "../control/read-blobs.ts";
import { submodulesOf } from "../control/submodules-of.ts";
import { firstSecret, type NamedText, placeText } from "../findings/secrets/person-text.ts";
import { instructionFile, instructionPaths } from "../git/instruction-files.ts";
import { readThroughLinks } from "../git/linked-files.ts";
import { fetchBase, listTree } from "../git/mirror.ts";
import { memoryOfRun } from "../memory/run-memory.ts";
import { readAhead } from "../prior/history-file.ts";
import { checkoutLimits } from "../prompt/checkout-limits.ts";
import { composePrompt } from "../prompt/compose-prompt.ts";
import { requireRoom, roomOfRun } from "./budgets.ts";
import { compareLanded } from "./compare-landed.ts";
import { continueRun } from "./continue-run.ts";
import { inverseChange } from "./inverse-change.ts";
import { readPreviousRun } from "./read-previous-run.ts";

const pathCharactersMax = 200;

/** `StartRun`, or `PrepareRevert` for a revert. Throws a Fault HOLD-FETCH-FAILED, HOLD-PREPARE-FAILED (a bad `.aedev.yaml`), HOLD-SECRET (in the specification, an answer or an instruction file) or HOLD-BUDGET (used up for the task, mission, repository or day). */
export async function prepareRun(
  taskId: string,
  control: Blobs & Mirrors & Trust & Records & Commands & Rules & Spending & Configured<"memory">,
): Promise<CommandBody> {
  const task = requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId);
  const repository = control.log.state.repositories[task.repository];
  if (repository === undefined) throw new Error(`task ${taskId} is for a repository that is not in the state`);
  const mirror = control.mirror(repository.name);
  const head = await fetchBase({ ...mirror, url: repository.url });
  readAhead({ ...mirror, tip: head.commit });
  await compareLanded(repository.name, head.commit, control);
  await fixBase(repository, head.ref, control);
  const { commit, ref } = baseOfWaiting(task) ?? head;
  if (task.reverts !== undefined) return prepareRevert(task, { commit, ref, repository }, control);
  const entries = await listTree({ ...mirror, tree: commit });
  const files = await readThroughLinks({
    ...{ ...mirror, entries },
    paths: [...instructionPaths(entries), ".aedev.yaml", ".gitattributes"],
  });
  const overlay = await overlayOfBase(files.get(".aedev.yaml"));
  const { policy } = policyForRepository(control.policy(), overlay);
  requireRoom(task, { control, taskTokens: policy.repair.task_tokens });
  const room = roomOfRun(task, control);
  const run_id = newId("r");
  const on = { run_id, repository, commit, entries, files, policy };
  const { prompt, continued, told, memory } = await promptOf(task, on, control);
  return {
    kind: "StartRun",
    task_id: taskId,
    run_id,
    cause: task.next_cause,
    base_commit: commit,
    ref,
    prompt: control.blobs.put(prompt, "text/markdown"),
    settings: combineSettings(repository.settings, overlay),
    policy: control.blobs.put(canonicalJson(policy), "application/json"),
    profile: effectiveProfile(policy, repository.profile, overlay),
    ...(continued === undefined ? {} : { continues: continued.continuation }),
    ...(told.length === 0 ? {} : { told: told.length }),
    ...(memory === undefined ? {} : { memory }),
    ...(room === undefined ? {} : { room }),
  };
}

/** The coder's prompt, and the earlier work that the run continues. */
async function promptOf(
  task: TaskState,
  on: {
    run_id: string;
    repository: State["repositories"][string];
    commit: string;
    entries: Awaited<ReturnType<typeof listTree>>;
    files: Awaited<ReturnType<typeof readThroughLinks>>;
    policy: Policy;
  },
  control: Blobs & Mirrors & Records & Commands & Configured<"memory">,
) {
  const { repository, commit, entries, files, policy } = on;
  const specification = readSpecification(control, task);
  const rules = (repository.rules ?? []).map(({ text }) => text);
  const instructions = await instructionsOf(files, [
    ...specificationTexts(specification),
    ...task.answers.map(({ text }, index) => ({ name: `answer ${index + 1} to the coder`, text })),
    ...(task.told ?? []).map(({ text }, index) => ({ name: `message ${index + 1} to the coder`, text })),
    ...rules.map((text, index) => ({ name: `rule ${index + 1} of ${repository.name}`, text })),
  ]);
  const unread = [...files].flatMap(([path, { problem }]) =>
    problem === null || path === ".gitattributes" ? [] : [`${path} (${problem})`],
  );
  const previous = readPreviousRun(control, task, specification);
  const continued = (await continueRun(task, { onto: commit, policy }, control)) ?? undefined;
  const isIndependent = task.next_cause === "independent-tests";
  // A run that writes tests for another change must know nothing about that change.
  const captureNotes = isIndependent ? [] : captureNoteLines(task.runs.at(-1)?.capture_notes, (path) => path);
  const { order, unplaced } = await submodulesOf(
    { settings: repository.settings, commit, repository: repository.name },
    control,
  );
  const attributes = textOf(files.get(".gitattributes")?.bytes);
  const limits = checkoutLimits(entries, {
    attributes,
    unread,
    submodules: { placed: order.submodules ?? [], unplaced },
  });
  const told = isIndependent ? [] : (task.told ?? []).map(({ text }) => text);
  const patch = previous?.patch ?? null;
  const { lessons, memory } = await memoryOfRun(task, { ...on, specification, patch }, control);
  const parts = { specification, instructions, answers: task.answers, told, previous, continued, captureNotes, limits };
  return { prompt: composePrompt({ ...parts, rules, lessons, isIndependent }), continued, told, memory };
}

/** The base's instruction files. Throws a Fault `HOLD-SECRET` if these files or the given texts contain a secret. */
async function instructionsOf(
  files: Awaited<ReturnType<typeof readThroughLinks>>,
  beside: readonly NamedText[],
): Promise<Map<string, Uint8Array>> {
  const instructions = [...files].flatMap(([path, { bytes }]) =>
    bytes === null || !instructionFile.test(path) ? [] : [[path, bytes] as const],
  );
  const texts = instructions.map(([path, bytes]) => ({
    name: escapeLine(path, pathCharactersMax),
    text: textOf(bytes),
  }));
  await requireNoSecret([...beside, ...texts]);
  return new Map(instructions);
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return bytes == null ? "" : Buffer.from(bytes).toString("utf8");
}

/** Registrations by older versions name no base. The first fetch records it, so that a switch of the remote's default branch is noticed. */
async function fixBase({ name, base }: State["repositories"][string], ref: string, control: Commands): Promise<void> {
  if (base !== undefined || ref === "HEAD") return;
  await control.log.submit(makeCommand({ kind: "FixBaseBranch", repository: name, ref, head: ref }, "control"));
}

/** The base of the change that waits for this run's tests: the tests must expect nothing that reached the branch later. */
function baseOfWaiting({ set_aside }: TaskState): { commit: string; ref: string } | null {
  if (set_aside?.base_commit == null || set_aside.ref === null) return null;
  return { commit: set_aside.base_commit, ref: set_aside.ref };
}

/** A revert is computed: it needs no coder and no tokens. */
async function prepareRevert(
  task: TaskState,
  { commit, ref, repository }: { commit: string; ref: string; repository: State["repositories"][string] },
  control: Blobs & Mirrors & Records & Rules,
): Promise<CommandBody> {
  const { task_id, reverts } = task;
  if (reverts === undefined) throw new Error(`task ${task_id} takes nothing back`);
  const mirror = control.mirror(repository.name);
  const overlay = await readOverlay({ ...mirror, commit });
  const { policy } = policyForRepository(control.policy(), overlay);
  const { before, tree, patch } = await inverseChange(reverts, { repository: repository.name, onto: commit }, control);
  return {
    kind: "PrepareRevert",
    task_id,
    run_id: newId("r"),
    base_commit: commit,
    ref,
    before,
    tree,
    patch: control.blobs.put(patch, "text/x-diff"),
    settings: combineSettings(repository.settings, overlay),
    policy: control.blobs.put(canonicalJson(policy), "application/json"),
    profile: effectiveProfile(policy, repository.profile, overlay),
  };
}

function specificationTexts(specification: Specification): NamedText[] {
  const { text, criteria, clarifications = [], instructions = [] } = specification;
  return [
    { name: "the mission's text", text },
    ...criteria.map((criterion) => ({ name: `criterion ${criterion.id}`, text: criterion.text })),
    ...clarifications.map(({ answer }, index) => ({ name: `answer ${index + 1}`, text: answer })),
    ...instructions.map((instruction, index) => ({ name: `instruction ${index + 1}`, text: instruction })),
  ];
}

/** The prompt leaves the machine. A person's texts were scanned when they came in; the base's files were not. */
async function requireNoSecret(texts: readonly NamedText[]): Promise<void> {
  const place = await firstSecret(texts);
  if (place === null) return;
  throw new Fault("HOLD-SECRET", "a text for the coder contains a secret; nothing was sent", {
    detail: `${placeText(place)} (${place.rule})`,
    hint: "remove it from the branch and revoke it, or cancel the mission and submit it without the secret",
  });
}
