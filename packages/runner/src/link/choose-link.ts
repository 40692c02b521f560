/** Chooses the link for this plane's sandboxes, once per process: the configured one, else by a probe on this engine. Never a network. */
import { mkdirSync } from "node:fs";
import type { LinkRecord, RunLimits } from "@aedev/contracts";
import { writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import type { RunnerContext } from "../engine/context.ts";
import { linkOfKind, type SandboxLink } from "./link.ts";
import { probeSocketLink } from "./probe-socket-link.ts";

const chosen = new WeakMap<RunnerContext, Promise<LinkRecord>>();

/** Throws the engine's Faults; the next call then tries again. */
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

/** Writes the record for `aedev doctor`. */
function keepRecord(home: string, record: LinkRecord): void {
  const { run, sandboxLink } = homeLayout(home);
  mkdirSync(run, { recursive: true, mode: 0o700 });
  writeDurably(sandboxLink, JSON.stringify(record));
}
