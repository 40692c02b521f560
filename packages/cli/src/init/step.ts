/** The state that `aedev init` passes from step to step, and how a step's result is printed. It asks and writes nothing. */
import { escapeLine } from "@aedev/contracts";
import type { DaemonEntry } from "../terminal/entries.ts";
import type { Session } from "../terminal/session.ts";
import type { Dialogue } from "./dialogue.ts";

export type InitSetup = Awaited<ReturnType<DaemonEntry["readSetup"]>>;
export type InitSettings = InitSetup["settings"];

/** `kept`: it already existed. `skipped`: not wanted. With `missing` or `failed`, the requested set-up is incomplete. */
export type StepStatus = "made" | "kept" | "set" | "ok" | "skipped" | "missing" | "failed";
export interface StepResult {
  readonly name: string;
  readonly status: StepStatus;
  readonly found: string;
  /** The command that helps; null if nothing is missing. */
  readonly help: string | null;
  /** Only for the step about a missing judge: what happens to changes. */
  readonly when_missing?: "ask" | "hold";
}

/** The command line of `aedev init`; undefined means not given. */
export interface InitFlags {
  readonly settings: Partial<InitSettings>;
  /** Start the daemon and try everything by real calls. */
  readonly start: boolean;
  /** Write the secrets of this command's environment into the planes' files. */
  readonly keepSecrets: boolean;
}

/** One run of `aedev init`. */
export interface InitRun {
  readonly session: Session;
  readonly entry: DaemonEntry;
  readonly flags: InitFlags;
  /** Null without a person to ask. */
  readonly dialogue: Dialogue | null;
  readonly steps: StepResult[];
  /** True: a file was written that a running daemon reads only at its start. */
  restart: boolean;
}

/** Keeps a result and, in a dialogue, shows it at once. */
export function conclude(run: InitRun, step: StepResult): void {
  run.steps.push(step);
  run.dialogue?.say(stepText(step));
}

export function readInitSetup({ entry, session }: InitRun): Promise<InitSetup> {
  return entry.readSetup({ home: session.home, environment: session.environment });
}

/** Returns whether a file changed, so that a running daemon must restart. Throws a Fault and writes nothing if a value is not valid. */
export async function storeSettings(run: InitRun, settings: Partial<InitSettings>): Promise<boolean> {
  const changed = await run.entry.writeSettings({ home: run.session.home, settings });
  run.restart = changed || run.restart;
  return changed;
}

/** Whether a secret is set in the environment or stored in the home. */
export function isPresent({ secrets }: InitSetup, secret: string): boolean {
  return secrets[secret] === "file" || secrets[secret] === "environment";
}

const words: Readonly<Record<StepStatus, string>> = {
  made: "made",
  kept: "found",
  set: "set",
  ok: "ok",
  skipped: "skipped",
  missing: "MISSING",
  failed: "FAILED",
};

export function stepText({ name, status, found, help }: StepResult): string {
  const line = `${words[status].padEnd(8)}  ${escapeLine(name, 60)}: ${escapeLine(found, 400)}`;
  return help === null ? line : `${line}\n          help: ${escapeLine(help, 300)}`;
}
