/** The second half of RunCoder, up to the stored result. The tree is read only after the container is dead; the checkpoint is `done` before the report. */
import { setTimeout as delay } from "node:timers/promises";
import { counted, Fault, isFault, type RunCoder, type Stuck } from "@aedev/contracts";
import { diskUsage } from "@aedev/host/disk-usage";
import { homeLayout } from "@aedev/host/home-layout";
import { type Captured, captureTree } from "../capture/capture.ts";
import type { RunnerContext } from "../engine/context.ts";
import type { ContainerState } from "../engine/engine.ts";
import { type Gateway, openGateway } from "../gateway/gateway.ts";
import type { ModelSource } from "../gateway/model-source.ts";
import type { RunEnding } from "../gateway/run-ending.ts";
import { openUpstream } from "../gateway/upstream.ts";
import { anthropicMessages } from "../gateway/wire/anthropic-messages/anthropic-messages.ts";
import { linkOfLabels, type OpenLink } from "../link/link.ts";
import { makeSocketFolder, type RunFolder } from "../tree/run-folder.ts";
import { readLeftovers } from "./leftovers.ts";
import { isKilledExit, type Observed, outcomeOf, stoppedReport } from "./outcome.ts";
import { requireCredential } from "./preflight.ts";
import { type RunCheckpoint, type RunEnd, type RunResult, writeCheckpoint } from "./run-checkpoint.ts";
import type { RunHandle } from "./run-coder.ts";
import { readSession } from "./session.ts";
import { type EndReason, watchRun } from "./watch.ts";

/** This makes five seconds; a stopping engine outlives its containers by less. */
const engineChecksMax = 10;
const engineCheckPauseMs = 500;
const deathChecksMax = 50;
const deathPauseMs = 100;

export interface RunningOptions {
  work: Pick<RunCoder, "run_id" | "gateway" | "limits">;
  folder: RunFolder;
  checkpoint: RunCheckpoint;
  handle: RunHandle;
}
/** A container that was created and has not ended. */
interface CreatedRun extends Omit<RunningOptions, "checkpoint"> {
  containerId: string;
  /** Why an earlier runner ended the run. */
  ended?: RunEnd | undefined;
  /** Called before the container is killed, so that the next runner knows the reason. */
  keepEnd?: (ended: RunEnd) => void;
  /** Opens further access for the running container; called only if the container can still run, and closed after its end. */
  beside?: () => Promise<OpenLink>;
}

export async function finishRun(options: RunningOptions, context: RunnerContext): Promise<RunResult> {
  const { folder, checkpoint, work } = options;
  const { container_id: containerId } = checkpoint;
  if (containerId === null) throw new Fault("checkpoint-broken", `run ${work.run_id} is running but has no container`);
  const keepEnd = (end: RunEnd) => {
    try {
      writeCheckpoint(folder.checkpointPath, { ...checkpoint, ended: end });
    } catch (error) {
      context.progress(work.run_id, `why it ends could not be written: ${error instanceof Error ? error.message : ""}`);
    }
  };
  const ended = await runToEnd({ ...options, containerId, ended: checkpoint.ended, keepEnd }, context);
  const captured = await captureOrNull(options, context);
  if (ended.endReason === "stopped") {
    const stopped = stoppedReport({ usage: ended.gateway.usage(), journal: ended.journal, captured });
    writeCheckpoint(folder.checkpointPath, { ...checkpoint, stage: "done", result: stopped });
    return stopped;
  }
  const { environment } = checkpoint;
  if (environment === null)
    throw new Fault("checkpoint-broken", `run ${work.run_id} is running but has no environment`);
  const leftovers = await readLeftovers(folder.workspace, ended.output);
  const { gateway: _gateway, output: _output, ...facts } = ended;
  // A conversation is kept only together with the files that it refers to.
  const isLimited = ended.gatewayEnding?.code === "HOLD-USAGE-LIMIT";
  const hasFiles = captured?.isEmpty === true || captured?.patch != null;
  const spoken = { workspace: folder.workspace, taskId: checkpoint.task_id };
  const session = isLimited && hasFiles ? await readSession(spoken, context.sha256) : null;
  const observed: Observed = {
    ...facts,
    usage: ended.gateway.usage(),
    lastAnswer: ended.gateway.lastAnswer(),
    question: leftovers.question,
    breaks: leftovers.breaks,
    transcript: leftovers.transcript === null ? null : context.blobs.put(leftovers.transcript, "application/json"),
    captured,
    environment,
    heard: ended.gateway.heard(),
    session: session === null ? null : context.blobs.put(session, "application/x-ndjson"),
  };
  const result = outcomeOf(observed);
  writeCheckpoint(folder.checkpointPath, { ...checkpoint, stage: "done", result });
  const ending = result.outcome === "held" ? `${result.code}${result.detail ? ` ${result.detail}` : ""}` : "captured";
  context.progress(work.run_id, `the coder's run ended: ${ending}, ${counted(result.usage.requests, "request")}`);
  return result;
}

/** Starts the container, or watches a running one again. Returns when its whole process tree is dead and the gateway is closed. */
export async function runToEnd(options: CreatedRun, context: RunnerContext) {
  const { work, folder, containerId: id, handle } = options;
  const { docker } = context;
  const before = await docker.inspect(id);
  const folders = [folder.workspace, folder.tree, folder.agentGit];
  const startedAtMs = before?.started ? Date.parse(before.startedAt) : Date.now();
  let gateway: Gateway | null = null;
  const activity = () => gateway?.stuck() ?? null;
  let ending = options.ended?.gateway ?? null;
  const isEnding = options.ended !== undefined;
  const onEnd = (reason: EndReason, stuck: Stuck | null) => {
    if (!isEnding) options.keepEnd?.({ reason, stuck, gateway: ending });
  };
  const watch = watchRun({ folders, tree: folder.tree, limits: work.limits, startedAtMs, activity, onEnd });
  if (options.ended !== undefined) watch.end(options.ended.reason);
  handle.stop = () => watch.end("stopped");
  if (handle.stopped) watch.end("stopped");
  const link = linkOfLabels(before?.labels ?? {});
  const opened: OpenLink[] = [];
  try {
    gateway = await openRunGateway(options, context, (why) => {
      ending ??= why;
      watch.end("gateway");
    });
    if (before !== null && !before.started && !isEnding) {
      await docker.start(id);
      context.progress(work.run_id, `the coder runs in container ${id.slice(0, 12)}`);
    } else context.progress(work.run_id, `resumed container ${id.slice(0, 12)}`);
    if (before !== null && !isEnding && (before.running || !before.started)) {
      opened.push(await link.open({ containerId: id, socketPath: folder.socketPath }, context));
      if (options.beside !== undefined) opened.push(await options.beside());
    }
    const waited = before === null ? null : await docker.wait(id, { timeoutMs: 2 ** 31 - 1, signal: watch.signal });
    let endReason: EndReason | null = isEnding || waited === "timeout" ? watch.reason() : null;
    if (endReason !== null) await docker.kill(id);
    watch.close();
    if (endReason === null && typeof waited === "number" && (await endedWithEngine(waited, context))) {
      const journal = await gateway.close();
      const end = { endReason: "engine" as const, exitCode: waited, outOfMemory: false, output: "", stuck: null };
      return { ...end, journal, gateway, gatewayEnding: ending };
    }
    const state = await seeDead(id, context);
    endReason ??= await overBounds(folders, work.limits);
    const output = (await docker.output(id, work.limits.output_tail_bytes)).text;
    const journal = await gateway.close();
    if (endReason !== null) await docker.remove(id);
    const outOfMemory = state?.outOfMemory ?? false;
    if (outOfMemory) context.progress(work.run_id, "the sandbox ran out of memory");
    const stuck = options.ended?.stuck ?? watch.stuck();
    const end = { endReason, exitCode: state?.exitCode ?? null, outOfMemory, output, stuck };
    return { ...end, journal, gateway, gatewayEnding: ending };
  } catch (error) {
    await gateway?.close();
    throw error;
  } finally {
    watch.close();
    handle.stop = () => undefined;
    await closeAll(opened);
  }
}

/** Closes all links, and only then throws the errors. */
async function closeAll(opened: readonly OpenLink[]): Promise<void> {
  const closed = await Promise.allSettled(opened.map((one) => one.close()));
  const errors = closed.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join("; "));
}

/** A stopping engine kills its containers before it goes away. So if the engine soon stops answering, a killed container is put down to that. */
async function endedWithEngine(exitCode: number, { docker }: RunnerContext): Promise<boolean> {
  if (!isKilledExit(exitCode)) return false;
  for (let tries = 0; tries < engineChecksMax; tries += 1) {
    try {
      await docker.version();
    } catch (error) {
      if (isFault(error, "HOLD-DOCKER-UNAVAILABLE")) return true;
      throw error;
    }
    await delay(engineCheckPauseMs);
  }
  return false;
}

async function openRunGateway(
  options: CreatedRun,
  context: RunnerContext,
  onEnding: (ending: RunEnding) => void,
): Promise<Gateway> {
  const { work, folder, handle } = options;
  makeSocketFolder(folder, context.user);
  const { source, resumesAfter } = modelOf(options, context);
  return openGateway({
    wire: anthropicMessages,
    socketPath: folder.socketPath,
    owner: context.user.chown ? context.user : null,
    indexPath: folder.journalPath,
    limits: work.gateway,
    ...(handle.told === undefined ? {} : { words: { told: handle.told, path: folder.toldPath } }),
    clocks: work.limits,
    blobs: context.blobs,
    source,
    refusal: (what) => context.refusal(work.run_id, what),
    progress: (text) => context.progress(work.run_id, text),
    onEnding: (why) =>
      onEnding(why.code === "HOLD-USAGE-LIMIT" ? { ...why, resumesAt: resumesAfter(why.resumesAt) } : why),
  });
}

/** Where the run's requests went. If its usage limit is reached until `resetsAt`, also when the next run may start. */
function modelOf(
  { handle }: CreatedRun,
  context: RunnerContext,
): { source: ModelSource; resumesAfter: (resetsAt: string | null) => string | null } {
  if (handle.source !== undefined) return { source: handle.source, resumesAfter: (resetsAt) => resetsAt };
  const credential = requireCredential(context);
  return {
    source: openUpstream(anthropicMessages, context.upstreamOrigin, credential),
    resumesAfter: (resetsAt) => context.noteLimit(credential, resetsAt),
  };
}

/** Waits until the engine says that the container has stopped; then its whole process tree is dead. */
async function seeDead(id: string, context: RunnerContext): Promise<ContainerState | null> {
  for (let check = 0; check < deathChecksMax; check += 1) {
    const state = await context.docker.inspect(id);
    if (state === null || !state.running) return state;
    await delay(deathPauseMs);
  }
  throw new Fault("HOLD-DOCKER-UNAVAILABLE", `container ${id.slice(0, 12)} does not stop`, { retry: true });
}

/** Measures once more, because the run may have written just before its end. */
async function overBounds(folders: readonly string[], limits: RunCoder["limits"]): Promise<EndReason | null> {
  const size = await diskUsage(folders, { bytes: limits.run_bytes, entries: limits.run_files });
  if (size.bytes > limits.run_bytes) return "bytes";
  return size.entries > limits.run_files ? "files" : null;
}

async function captureOrNull(options: RunningOptions, context: RunnerContext): Promise<Captured | null> {
  const { folder, checkpoint, work } = options;
  const mirror = homeLayout(context.home).mirror(checkpoint.repository);
  try {
    return await captureTree({ ...checkpoint, folder, mirror, baseCommit: checkpoint.base_commit }, context);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    context.refusal(work.run_id, `capture: ${error.message}`);
    return {
      tree: checkpoint.base_commit,
      patch: null,
      isEmpty: false,
      finding: { code: "HOLD-PATCH-UNSAFE", detail: "capture" },
      notes: null,
    };
  }
}
