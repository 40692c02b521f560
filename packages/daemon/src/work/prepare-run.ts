/** Gets a task ready to run: fetches the base, reads its `.aedev.yaml` and instruction files from that commit only, tightens the policy, composes the prompt. */
import { type CommandBody, combineSettings, effectiveProfile, type Policy, type TaskState } from "@aedev/core";
import { canonicalJson, Fault } from "@aedev/core/wire";
import { policyForRepository } from "../configuration/load-policy.ts";
import { fetchBase, listTree, readBlobs } from "../git/mirror.ts";
import { type Control, newId, taskOf } from "../loop/control.ts";
import { composePrompt } from "../prompt/compose-prompt.ts";
import { overlayOfBase } from "../repository/base-overlay.ts";
import { readSpecification } from "./read-blobs.ts";
import { readPreviousRun } from "./read-previous-run.ts";
import { tokenGrant } from "./token-grant.ts";

/** Instruction files of a repository that the coder reads; other files it finds itself. */
const instructionFile = /^(CLAUDE\.md|AGENTS\.md|\.agent\/[^/]+\.md)$/;
const instructionFilesMax = 20;

/** Answers with `StartRun`. Throws a Fault HOLD-FETCH-FAILED, HOLD-PREPARE-FAILED (a bad `.aedev.yaml`) or HOLD-BUDGET (the tokens of its task, its mission or the day are spent). */
export async function prepareRun(taskId: string, control: Control): Promise<CommandBody> {
  const { home, configuration } = control;
  const task = taskOf(control.log.state, taskId);
  const repository = control.log.state.repositories[task.repository];
  if (repository === undefined) throw new Error(`task ${taskId} is for a repository that is not in the state`);
  const place = { home, repository: repository.name, timeoutMs: configuration.landing.git_timeout_ms };
  const { commit, ref } = await fetchBase({ ...place, url: repository.url });
  const paths = (await listTree({ ...place, tree: commit })).map((entry) => entry.path);
  const wanted = [...paths.filter((path) => instructionFile.test(path)).slice(0, instructionFilesMax), ".aedev.yaml"];
  const files = await readBlobs({ ...place, commit, paths: wanted });
  const overlayBytes = files.get(".aedev.yaml") ?? null;
  const overlay = overlayOfBase(overlayBytes);
  const { policy } = policyForRepository(control.policy(), overlay);
  requireTokens(task, policy, control);
  const instructions = new Map(
    [...files].flatMap(([path, bytes]) => (bytes === null || path === ".aedev.yaml" ? [] : [[path, bytes] as const])),
  );
  const specification = readSpecification(control, task);
  const previous = readPreviousRun(control, task, specification);
  const prompt = composePrompt({ specification, instructions, answers: task.answers, previous });
  return {
    kind: "StartRun",
    task_id: taskId,
    run_id: newId("r"),
    base_commit: commit,
    ref,
    prompt: control.blobs.put(prompt, "text/markdown"),
    settings: combineSettings(repository.settings, overlay),
    policy: control.blobs.put(canonicalJson(policy), "application/json"),
    profile: effectiveProfile(policy, repository.profile, overlay),
  };
}

/** Also a person's retry starts nothing once the tokens of its task, its mission or the day are spent: it costs money, whoever asks. */
function requireTokens(task: TaskState, { repair }: Policy, control: Control): void {
  const { tokens, budget, spent, limit } = tokenGrant(task, { control, taskTokens: repair.task_tokens });
  if (tokens > 0) return;
  const file = budget === "repair.task_tokens" ? "policies.yaml" : "config.yaml";
  throw new Fault("HOLD-BUDGET", "the tokens of this task, its mission or the day are spent", {
    detail: `tokens (${spent} of ${limit}: ${budget})`,
    hint: `raise ${budget} in ${file}`,
  });
}
