/**
 * `aedev init`, from creating the home to the first real calls. Contract: each step saves its answer before the next one asks, so that set-up can be
 * interrupted and run again.
 *
 * Folder: `aedev init` from start to end.
 */
import { Fault } from "@aedev/contracts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { withProgress } from "../terminal/progress.ts";
import { gitHubStep } from "./github-step.ts";
import { phoneStep } from "./phone-step.ts";
import { probe, probesFor } from "./probes.ts";
import { coderStep, judgeSteps } from "./secret-steps.ts";
import { conclude, type InitRun, readInitSetup, storeSettings } from "./step.ts";

/** Returns whether the daemon is running at the end. */
export async function runInit(run: InitRun): Promise<{ started: boolean }> {
  await homeStep(run);
  await flagSettings(run);
  if (run.dialogue !== null || run.flags.start) await engineSteps(run);
  await coderStep(run);
  await judgeSteps(run);
  await gitHubStep(run);
  await phoneStep(run);
  const started = await daemonStep(run);
  if (started) await probeSteps(run);
  return { started };
}

async function homeStep(run: InitRun): Promise<void> {
  const { home } = run.session;
  const { changed } = await run.entry.initHome({ home });
  conclude(run, { name: "home", status: changed ? "made" : "kept", found: home, help: null });
}

async function flagSettings(run: InitRun): Promise<void> {
  const { settings } = run.flags;
  if (Object.keys(settings).length === 0) return;
  const changed = await storeSettings(run, settings);
  const found = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  conclude(run, { name: "settings", status: changed ? "set" : "kept", found: found.join(", "), help: null });
}

/** Checks what a coder's run needs on this machine, with the checks of `aedev doctor`. */
async function engineSteps(run: InitRun): Promise<void> {
  const { home, environment } = run.session;
  const { checks } = await run.entry.doctor({ home, environment });
  for (const { name, ok, found, help } of checks.filter(({ name }) => name === "docker" || name === "runner image"))
    conclude(run, { name, status: ok ? "ok" : "missing", found, help: ok ? null : help });
}

async function daemonStep(run: InitRun): Promise<boolean> {
  const { session, dialogue, flags } = run;
  // If only a home is wanted, no port is contacted.
  if (dialogue === null && !flags.start && !run.restart) return false;
  const found = await orFailed(run, async () => ({ running: await findDaemon(session) }));
  if (found === null) return false;
  const { running } = found;
  dialogue?.say("");
  const tries = (await probesOf(run)).length > 0;
  const question = tries
    ? `${running === undefined ? "Start the daemon, and try" : "Try"} each credential with one tiny real call?`
    : "Start the daemon?";
  const asks = tries || running === undefined;
  if (flags.start || (asks && (await dialogue?.askYes(question, true)) === true))
    return startDaemon(run, running !== undefined);
  const daemonText = running === undefined ? "not running" : `running on port ${running.port}`;
  const stale = running !== undefined && run.restart;
  const help = stale ? "the daemon still uses the old settings: aedev daemon restart" : null;
  if (dialogue !== null || stale) conclude(run, { name: "daemon", status: "skipped", found: daemonText, help });
  return false;
}

async function startDaemon(run: InitRun, isRunning: boolean): Promise<boolean> {
  const { session, entry } = run;
  const { home, environment } = session;
  const started = await orFailed(run, async () => {
    if (isRunning && run.restart) await entry.stopDaemon({ home, environment });
    return withProgress(session, "starting the daemon", () => entry.startDaemon({ home, environment }));
  });
  if (started === null) return false;
  const link = await entry.boardLink({ home, port: started.port });
  const found = `running on port ${started.port}; status board: ${link}`;
  conclude(run, { name: "daemon", status: isRunning ? "kept" : "ok", found, help: null });
  return true;
}

/** Null if the daemon does not start; completed steps are still reported. */
async function orFailed<T>(run: InitRun, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    conclude(run, { name: "daemon", status: "failed", found: error.message, help: error.hint ?? "aedev doctor" });
    return null;
  }
}

/** The probes to run. A missing credential is reported as missing and not tried. */
async function probesOf(run: InitRun): Promise<ReturnType<typeof probesFor>> {
  const hasCoder = !run.steps.some(({ name, status }) => name === "claude credential" && status === "missing");
  return probesFor(await readInitSetup(run)).filter(({ what }) => what !== "coder" || hasCoder);
}

async function probeSteps(run: InitRun): Promise<void> {
  for (const one of await probesOf(run)) {
    const { name, ok, found, help } = await probe(run.session, one);
    conclude(run, { name, status: ok ? "ok" : "failed", found, help: ok ? null : help });
  }
}
