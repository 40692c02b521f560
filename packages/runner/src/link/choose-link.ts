/** Which link the sandboxes of this plane use: what the operator says, else what a probe finds on this engine, once in the plane's life. Never a network. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LinkRecord, RunLimits } from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import { linkOfKind, type SandboxLink } from "./link.ts";
import { probeSocketLink } from "./probe-socket-link.ts";

const chosen = new WeakMap<RunnerContext, Promise<LinkRecord>>();

/** Throws the engine's Faults; then the next call tries again. */
export async function chooseLink(
  options: { runnerImageId: string; limits: RunLimits },
  context: RunnerContext,
): Promise<SandboxLink> {
  const known = chosen.get(context);
  if (known !== undefined) return linkOfKind((await known).kind);
  const choosing = decide(options, context);
  chosen.set(context, choosing);
  try {
    const record = await choosing;
    keepRecord(context.home, record);
    return linkOfKind(record.kind);
  } catch (error) {
    chosen.delete(context);
    throw error;
  }
}

async function decide(
  options: { runnerImageId: string; limits: RunLimits },
  context: RunnerContext,
): Promise<LinkRecord> {
  const engine = context.engineAddress;
  if (context.sandboxLink !== "auto")
    return { kind: context.sandboxLink, why: `system.sandbox_link is ${context.sandboxLink}`, engine };
  const trouble = await probeSocketLink(options, context);
  return trouble === null
    ? { kind: "socket", why: "a probe reached a socket in a mounted folder", engine }
    : { kind: "exec", why: `a probe did not reach a socket in a mounted folder: ${trouble}`.slice(0, 300), engine };
}

/** For `aedev doctor`; nothing here reads it. */
function keepRecord(home: string, record: LinkRecord): void {
  const folder = join(home, "run");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `.sandbox-link-${process.pid}`);
  writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 });
  renameSync(temporary, join(folder, "sandbox-link.json"));
}
