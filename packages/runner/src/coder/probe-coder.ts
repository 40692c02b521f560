/** Tests image, credential and model with one tiny question in the real sandbox, then removes everything. An outside failure is returned. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GatewayLimits, noSettings, type ProbeCoder } from "@aedev/contracts";
import type { RunnerContext } from "../engine/context.ts";
import { sandboxHome } from "../engine/sandbox-user.ts";
import { type Gateway, openGateway } from "../gateway/gateway.ts";
import { openUpstream } from "../gateway/upstream.ts";
import { anthropicMessages } from "../gateway/wire/anthropic-messages/anthropic-messages.ts";
import { chooseLink } from "../link/choose-link.ts";
import type { OpenLink } from "../link/link.ts";
import { coderVersion } from "../prepare/toolchain.ts";
import { handOver, makeSocketFolder, type RunFolder, runFolder } from "../tree/run-folder.ts";
import { deleteWorktree } from "../tree/worktree.ts";
import { preflight, requireCredential } from "./preflight.ts";
import { coderEnvironment, entrypointOf } from "./sandbox.ts";

export interface ProbeResult {
  ok: boolean;
  /** Which model answered, or why none did; never a credential. */
  detail: string;
}

/** Shorter than the time limit of a request to the daemon, because a person waits. */
const answerTimeoutMs = 45_000;
const checkPauseMs = 100;
/** Most of a request are the CLI's own instructions. The CLI's retries count as requests. */
const bounds = { run_tokens: 200_000, max_output_tokens: 1024, requests_max: 3 };
const detailCharsMax = 400;
const question = "Answer with the single word ok. Use no tool.\n";
const role = "coder";
const authCode = "HOLD-CLAUDE-AUTH-IN-DOCKER";

export async function probeCoder(work: ProbeCoder, context: RunnerContext): Promise<ProbeResult> {
  const folder = runFolder(context, work.run_id);
  try {
    const result = await ask(work, folder, context);
    await deleteWorktree({ folder, runId: work.run_id, mirror: null });
    return result;
  } catch (error) {
    // A Fault or an error of the system; remaining folders are deleted at the next start.
    if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
    return failed(`${error.code}: ${error.message}`);
  }
}

async function ask(work: ProbeCoder, folder: RunFolder, context: RunnerContext): Promise<ProbeResult> {
  const { docker, user } = context;
  const { limits } = work;
  const ready = await preflight({ settings: noSettings, limits }, context, { needsCredential: true });
  const version = await coderVersion({ imageId: ready.imageId, mounts: [], limits }, context);
  const link = await chooseLink({ runnerImageId: ready.runnerImageId, limits }, context);
  await makeFolders(folder, context);
  const place = await link.place({ socketFolder: folder.socketFolder, images: ready }, context);
  const gateway = await openProbeGateway(work, folder, context);
  let container: string | null = null;
  let opened: OpenLink | null = null;
  try {
    container = await docker.create({
      imageId: ready.imageId,
      ...entrypointOf(link),
      // Reading is harmless here, because the folder is empty.
      environment: { ...coderEnvironment({ role, gateway: work.gateway }), CLAUDE_ALLOWED_TOOLS: "Read" },
      mounts: [
        { source: folder.workspace, target: "/workspace", readOnly: false },
        { source: folder.prompts, target: "/system_prompts", readOnly: true },
        ...place.mounts,
      ],
      tmpfs: ["/tmp", sandboxHome, ...place.tmpfs],
      user: `${user.uid}:${user.gid}`,
      workingFolder: "/workspace",
      seccomp: "coder",
      labels: { "aedev.home": context.homeId, "aedev.run": work.run_id, "aedev.kind": "probe" },
      limits,
    });
    await docker.start(container);
    opened = await link.open({ containerId: container, socketPath: folder.socketPath }, context);
    const timeoutMs = Math.min(answerTimeoutMs, limits.run_timeout_ms);
    return resultOf(await waitForAnswer({ container, gateway, timeoutMs }, context), {
      gateway,
      version,
      model: work.gateway.model,
    });
  } finally {
    await opened?.close();
    await gateway.close();
    if (container !== null) await docker.remove(container);
  }
}

/** Makes the workspace with an empty repository folder and a system prompt of one line. */
async function makeFolders(folder: RunFolder, context: RunnerContext): Promise<void> {
  mkdirSync(join(folder.workspace, "repo"), { recursive: true, mode: 0o755 });
  writeFileSync(join(folder.workspace, "prompt.txt"), question, { mode: 0o644 });
  mkdirSync(folder.prompts);
  chmodSync(folder.prompts, 0o755);
  writeFileSync(join(folder.prompts, `${role}.md`), "You answer in one word.\n", { mode: 0o644 });
  await handOver([folder.workspace], context.user);
  makeSocketFolder(folder, context.user);
}

function openProbeGateway(work: ProbeCoder, folder: RunFolder, context: RunnerContext): Promise<Gateway> {
  return openGateway({
    wire: anthropicMessages,
    socketPath: folder.socketPath,
    owner: context.user.chown ? context.user : null,
    indexPath: folder.journalPath,
    limits: tightened(work.gateway),
    blobs: context.blobs,
    source: openUpstream(anthropicMessages, context.upstreamOrigin, requireCredential(context)),
    refusal: (what) => context.refusal(work.run_id, what),
    onEnding: () => undefined,
  });
}

/** The probe's bounds, but never above a run's own limits. */
function tightened(limits: GatewayLimits): GatewayLimits {
  return {
    ...limits,
    run_tokens: Math.min(limits.run_tokens, bounds.run_tokens),
    max_output_tokens: Math.min(limits.max_output_tokens, bounds.max_output_tokens),
    requests_max: Math.min(limits.requests_max, bounds.requests_max),
  };
}

/** The container's exit code; null if the wait ended first, because time ran out or the endpoint refused for good. */
async function waitForAnswer(
  { container, gateway, timeoutMs }: { container: string; gateway: Gateway; timeoutMs: number },
  { docker }: RunnerContext,
): Promise<number | null> {
  const enough = new AbortController();
  const watch = setInterval(() => {
    if (isFinalAnswer(gateway.lastAnswer()) || gateway.ending() !== null) enough.abort();
  }, checkPauseMs);
  try {
    const ended = await docker.wait(container, { timeoutMs, signal: enough.signal });
    return ended === "timeout" ? null : ended;
  } finally {
    clearInterval(watch);
  }
}

/** True for an answer that a retry by the CLI is unlikely to change while a person waits. */
function isFinalAnswer(answer: number | "unreachable" | null): boolean {
  if (answer === "unreachable") return true;
  return answer !== null && answer >= 400 && answer < 500 && answer !== 408 && answer !== 429;
}

function resultOf(
  exitCode: number | null,
  { gateway, version, model }: { gateway: Gateway; version: string; model: string },
): ProbeResult {
  const answer = gateway.lastAnswer();
  if (answer === 401 || answer === 403)
    return failed(`${authCode}: api_${answer}: the model's endpoint refused the credential`);
  const ending = gateway.ending();
  // If the budget ran out after an error, the CLI's retries used it up, so the error is the reason to report.
  if (ending !== null && (ending.code !== "HOLD-BUDGET" || answer === 200))
    return failed(`${ending.code}${ending.resumesAt === null ? "" : `: until ${ending.resumesAt}`}`);
  if (answer === null) return failed(exitCode === null ? "timeout: the coder sent no request" : `exit_${exitCode}`);
  if (answer === "unreachable") return failed("unreachable: the model's endpoint did not answer");
  if (answer >= 400) return failed(`api_${answer}`);
  if (exitCode !== 0) return failed(exitCode === null ? "timeout" : `exit_${exitCode}`);
  return { ok: true, detail: `Claude Code ${version} got an answer from ${model} in the sandbox` };
}

function failed(detail: string): ProbeResult {
  return { ok: false, detail: detail.slice(0, detailCharsMax) };
}
