/**
 * `aedev demo`: one change lands, a cheating one is held, on real parts in a throw-away home. It has no code path of its own: it makes a
 * repository and a stand-in for the paid models, and everything else it asks of aedev's own verbs.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "@aedev/core/wire";
import { z } from "zod";
import { readFixtures } from "../stand-in/fixture.ts";
import { type AedevLines, openLines } from "./aedev-lines.ts";
import type { Environment } from "./child.ts";
import { liveEnvironment, missingCredentials, scriptedEnvironment } from "./credentials.ts";
import { driveMissions, type Played } from "./drive-missions.ts";
import { cloneRepository, commitsOf, importFiles, type RemotePlace } from "./ground/bare-remote.ts";
import { cacheFolder, unpackPackage } from "./ground/package-source.ts";
import { keepPrepared, restorePrepared } from "./ground/prepared-cache.ts";
import { type DemoScripts, readScripts } from "./missions-file.ts";
import { missingOf } from "./requirements.ts";
import { type StandInProcess, startStandIn } from "./stand-in-process.ts";

export interface DemoOptions {
  /** One document on standard output, everything else on standard error. */
  readonly json: boolean;
  /** The real models with the environment's credentials instead of the stand-in. */
  readonly live: boolean;
  /** Folder with missions.yaml and the scripts; what is shipped where it is left out. */
  readonly scripts?: string;
  /** Repository to clone and work on instead of the package. */
  readonly repo?: string;
  readonly environment?: Environment;
  readonly write?: (text: string) => void;
  readonly complain?: (text: string) => void;
}
/** What one demo holds while it runs. */
interface Stage {
  readonly options: DemoOptions;
  readonly scripts: DemoScripts;
  /** The caller's. */
  readonly environment: Environment;
  readonly home: string;
  readonly place: RemotePlace;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * 0 where every mission reached merge, ask or hold and the log verifies, whatever the answers; else 1. Throws a fault where it can't be
 * played. The daemon that it started has ended in every case.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const environment = options.environment ?? process.env;
  const write = options.write ?? ((text) => void process.stdout.write(text));
  const complain = options.complain ?? ((text) => void process.stderr.write(text));
  const scripts = readScripts(options.scripts);
  checkBeforehand(options, scripts, environment);
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, stop);
  const folder = mkdtempSync(join(tmpdir(), "aedev-demo-"));
  const say = (line: string) => complain(`demo: ${line}\n`);
  const place = { remote: join(folder, "remote.git"), gitHome: join(folder, "git-home"), environment };
  const home = join(folder, "home");
  const stage = { options, scripts, environment, home, folder, say, signal: interrupt.signal, place };
  try {
    mkdirSync(place.gitHome);
    say(`throw-away home ${home} (profile balanced)`);
    say(`throw-away remote ${place.remote} (writes to it are allowed)`);
    const played = await playOnStage({ ...stage, place: { ...place, signal: interrupt.signal } });
    write(options.json ? `${JSON.stringify(documentOf(played, stage), null, 2)}\n` : textOf(played, stage));
    return played.complete && played.problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (interrupt.signal.aborted) throw new Fault("interrupted", "the demo was interrupted", { hint: "aedev demo" });
    throw error;
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
    say(`home and remote stay to be looked at; rm -rf ${folder} removes them`);
  }
}

function checkBeforehand({ live, repo }: DemoOptions, scripts: DemoScripts, environment: Environment): void {
  const missing = live ? missingCredentials(environment) : [];
  if (missing.length > 0)
    throw new Fault("no-credentials", `--live needs credentials in the environment: ${missing.join(", ")} missing`, {
      hint: "aedev demo plays it with scripted answers",
    });
  if (!live) for (const folder of scripts.folders) for (const name of scriptNames) readFixtures(join(folder, name));
  if (repo === undefined && scripts.repository.package === undefined)
    throw new Fault("no-repository", "missions.yaml names no package", { hint: "aedev demo --repo PATH" });
}

const scriptNames = ["coder.json", "openai.json", "gemini.json"] as const;

async function playOnStage(stage: Stage): Promise<Played & { commits: readonly string[] }> {
  const { options, scripts, environment, home, say } = stage;
  await makeRemote(stage);
  const standIn = options.live
    ? null
    : await startStandIn(scripts.folders, { environment, complain: (line) => say(line) });
  const own = standIn === null ? liveEnvironment(environment, home) : scriptedOn(standIn, stage);
  say(answersLine(options.live));
  // What is ended at the end must be ended after an interrupt too, so these lines don't hear it.
  const lines = openLines(own, stage.signal);
  const last = openLines(own);
  const cache = options.repo === undefined ? cacheFolder(environment) : null;
  let started = false;
  try {
    await lines.document(["init", "--yes"], z.unknown());
    await requireDoctor(lines);
    if (cache !== null) restorePrepared(cache, home);
    started = true;
    const played = await driveMissions(lines, { scripts, remote: stage.place.remote, say, last });
    if (cache !== null) keepPrepared(cache, home);
    const commits = await commitsOf(stage.place);
    return { ...played, commits: commits.map(({ id, subject }) => `${id.slice(0, 10)} ${subject}`) };
  } finally {
    if (started) {
      await last.run(["daemon", "stop"]);
      say(`the daemon has stopped; its log is ${join(home, "logs/daemon.log")}`);
    }
    await standIn?.stop();
  }
}

async function makeRemote(stage: Stage): Promise<void> {
  const { options, scripts, place, folder, environment, signal, say } = stage;
  if (options.repo !== undefined) {
    say(`cloning ${options.repo}; the original is not written`);
    return cloneRepository(options.repo, place);
  }
  const { package: name = "", integrity } = scripts.repository;
  say(`fetching ${name} with npm (kept in ${cacheFolder(environment)})`);
  const files = join(folder, "package");
  await unpackPackage({ package: name, integrity }, { target: files, environment, signal });
  await importFiles(files, `Import ${name} from npm`, place);
}

function scriptedOn(standIn: StandInProcess, { environment, home }: Stage): Environment {
  const placeholder = `stand-in-${randomBytes(12).toString("hex")}`;
  return scriptedEnvironment(environment, { home, addresses: standIn.addresses, placeholder });
}

/** Says before anything starts what a run would be held for. */
async function requireDoctor(lines: AedevLines): Promise<void> {
  const [first, ...rest] = await missingOf(lines);
  if (first === undefined) return;
  const others = rest.map(({ name, found }) => `; ${name}: ${found}`).join("");
  throw new Fault("not-ready", `${first.name}: ${first.found}${others}`, { hint: first.help });
}

function answersLine(isLive: boolean): string {
  return isLive
    ? "LIVE: the models answer, with the credentials of the environment"
    : "SCRIPTED: a stand-in on loopback gives the model answers of coder and judges; everything else is real";
}

type Finished = Played & { readonly commits: readonly string[] };

function documentOf(
  { missions, problems }: Finished,
  { home, place, options }: Pick<Stage, "home" | "place" | "options">,
): object {
  const verify = problems.length === 0 ? "ok" : "failed";
  return {
    missions,
    verify,
    answers: options.live ? "live" : "scripted",
    ...(problems.length === 0 ? {} : { problems }),
    remote: place.remote,
    home,
  };
}

function textOf(
  { stories, problems, commits }: Finished,
  { place, options }: Pick<Stage, "place" | "options">,
): string {
  const verified = problems.length === 0 ? "events verify: the log is whole" : problems.join("\n");
  const log = [`git log of ${place.remote}:`, ...commits.map((line) => `  ${line}`)].join("\n");
  return `${[answersLine(options.live), ...stories, verified, log].join("\n\n")}\n`;
}
