/**
 * The ground a demo stands on: a throw-away folder with a home and a remote, a stand-in for the paid models, a daemon. Whatever happens,
 * what was started here has ended when `onStage` returns; the folder stays to be looked at.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "@aedev/core/wire";
import { z } from "zod";
import { readFixtures } from "../../stand-in/fixture.ts";
import { type AedevLines, openLines } from "../aedev-lines.ts";
import type { Environment } from "../child.ts";
import type { DemoScripts } from "../missions-file.ts";
import { brushFor, type Paint } from "../telling/paint.ts";
import { cloneRepository, importFiles, type RemotePlace } from "./bare-remote.ts";
import { liveEnvironment, missingCredentials, scriptedEnvironment } from "./credentials.ts";
import { cacheFolder, unpackPackage } from "./package-source.ts";
import { missingOf } from "./requirements.ts";
import { type StandInProcess, type StandInRecord, startStandIn } from "./stand-in-process.ts";

export interface StageOptions {
  /** The real models with the environment's credentials instead of the stand-in. */
  readonly live: boolean;
  /** Repository to clone and work on instead of the scripts' own. */
  readonly repo?: string;
  /** The caller's. */
  readonly environment: Environment;
  readonly complain: (text: string) => void;
  readonly paint: Paint;
  /** Says at the top what is scripted. */
  readonly answers: string;
  readonly scripts: DemoScripts;
  /** Changes the scripts once the ground is there; may make files of its own in its folder. */
  readonly adapt?: (scripts: DemoScripts, ground: Ground) => Promise<DemoScripts>;
  /** Overlays of the home. */
  readonly configuration?: string;
  readonly policies: string;
  /** Variables of the daemon and of every verb beside the stage's own. */
  readonly extra?: Environment;
  readonly againHint: string;
}
/** What one demo holds while it runs. */
export interface Ground {
  readonly folder: string;
  readonly home: string;
  readonly place: RemotePlace;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}
export interface Stage extends Ground {
  readonly scripts: DemoScripts;
  readonly lines: AedevLines;
  /** Lines that an interrupt does not reach: for what must be ended after one too. */
  readonly last: AedevLines;
  /** The one value that stands for every credential; null with live models. */
  readonly placeholder: string | null;
  startDaemon(): Promise<void>;
  /** Harmless when repeated. */
  stopDaemon(): Promise<void>;
  /** Ends the stand-in and says what it received; null with live models. */
  stopModels(): Promise<StandInRecord | null>;
}

export async function onStage<T>(options: StageOptions, play: (stage: Stage) => Promise<T>): Promise<T> {
  const { environment, complain, paint } = options;
  requireCredentials(options);
  checkScripts(options);
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, stop);
  const folder = mkdtempSync(join(tmpdir(), "aedev-demo-"));
  const say = (line: string) => complain(`${paint.faint("demo:")} ${brushFor(line, paint)(line)}\n`);
  const place = { remote: join(folder, "remote.git"), gitHome: join(folder, "git-home"), environment };
  const ground = { folder, home: join(folder, "home"), say, signal: interrupt.signal };
  try {
    mkdirSync(place.gitHome);
    say(`throw-away home ${ground.home} (profile balanced)`);
    say(`throw-away remote ${place.remote} (writes to it are allowed)`);
    return await playOn({ ...ground, place: { ...place, signal: interrupt.signal } }, options, play);
  } catch (error) {
    if (interrupt.signal.aborted)
      throw new Fault("interrupted", "the demo was interrupted", { hint: options.againHint });
    throw error;
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
    say(`home and remote stay to be looked at; rm -rf ${folder} removes them`);
  }
}

async function playOn<T>(ground: Ground, options: StageOptions, play: (stage: Stage) => Promise<T>): Promise<T> {
  const { environment } = options;
  const scripts = (await options.adapt?.(options.scripts, ground)) ?? options.scripts;
  await makeRemote(ground, scripts, options);
  const standIn = options.live ? null : await startStandIn(scripts.folders, { environment, complain: ground.say });
  const placeholder = standIn === null ? null : `sk-ant-oat01-stand-in-${randomBytes(12).toString("hex")}`;
  const own = { ...ownEnvironment(ground, { environment, standIn, placeholder }), ...options.extra };
  const last = openLines(own);
  let isStarted = false;
  const stage: Stage = {
    ...ground,
    scripts,
    lines: openLines(own, ground.signal),
    last,
    placeholder,
    async startDaemon() {
      isStarted = true;
      ground.say("starting the daemon");
      await stage.lines.document(["daemon", "start"], z.unknown());
    },
    async stopDaemon() {
      if (!isStarted) return;
      isStarted = false;
      await last.run(["daemon", "stop"]);
      ground.say(`the daemon has stopped; its log is ${join(ground.home, "logs/daemon.log")}`);
    },
    stopModels: async () => (standIn === null ? null : standIn.stop()),
  };
  ground.say(options.answers);
  try {
    await stage.lines.document(["init", "--yes"], z.unknown());
    if (options.configuration !== undefined) writeFileSync(join(ground.home, "config.yaml"), options.configuration);
    writeFileSync(join(ground.home, "policies.yaml"), options.policies);
    await requireDoctor(stage.lines);
    return await play(stage);
  } finally {
    await stage.stopDaemon();
    await standIn?.stop();
  }
}

function ownEnvironment(
  { home }: Ground,
  options: { environment: Environment; standIn: StandInProcess | null; placeholder: string | null },
): Environment {
  const { environment, standIn, placeholder } = options;
  if (standIn === null || placeholder === null) return liveEnvironment(environment, home);
  return scriptedEnvironment(environment, { home, addresses: standIn.addresses, placeholder });
}

function requireCredentials({ live, environment }: StageOptions): void {
  const missing = live ? missingCredentials(environment) : [];
  if (missing.length > 0)
    throw new Fault("no-credentials", `--live needs credentials in the environment: ${missing.join(", ")} missing`, {
      hint: "aedev demo plays it with scripted answers",
    });
}

const scriptNames = ["coder.json", "openai.json", "gemini.json"] as const;

function checkScripts({ scripts, live, repo }: StageOptions): void {
  if (!live) for (const folder of scripts.folders) for (const name of scriptNames) readFixtures(join(folder, name));
  if (repo === undefined && scripts.repository.package === undefined && scripts.files === null)
    throw new Fault("no-repository", "missions.yaml names no package and no files", { hint: "aedev demo --repo PATH" });
}

async function makeRemote(ground: Ground, scripts: DemoScripts, options: StageOptions): Promise<void> {
  const { place, folder, signal, say } = ground;
  const { environment, repo } = options;
  if (repo !== undefined) {
    say(`cloning ${repo}; the original is not written`);
    return cloneRepository(repo, place);
  }
  if (scripts.files !== null) return importFiles(scripts.files, "Import the demo's files", place);
  const { package: name = "", integrity } = scripts.repository;
  say(`fetching ${name} with npm (kept in ${cacheFolder(environment)})`);
  const files = join(folder, "package");
  await unpackPackage({ package: name, integrity }, { target: files, environment, signal });
  await importFiles(files, `Import ${name} from npm`, place);
}

/** Says before anything starts what a run would be held for. */
async function requireDoctor(lines: AedevLines): Promise<void> {
  const [first, ...rest] = await missingOf(lines);
  if (first === undefined) return;
  const others = rest.map(({ name, found }) => `; ${name}: ${found}`).join("");
  throw new Fault("not-ready", `${first.name}: ${first.found}${others}`, { hint: first.help });
}
