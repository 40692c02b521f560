/**
 * Sets up a demo: a throw-away home, a remote, fakes of the paid models, a daemon. Everything started here has ended when `withDemoSetup` returns or throws.
 *
 * Folder: a throw-away home and remote, npm packages, the fake vendors.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "@aedev/contracts";
import { readFixtures } from "@aedev/fakes/fixture";
import { homeLayout } from "@aedev/host/home-layout";
import { isPackaged } from "@aedev/host/product";
import { z } from "zod";
import { brushFor, type Paint, type Tone } from "../telling/paint.ts";
import { type AedevLines, openLines } from "./aedev-lines.ts";
import { cloneRepository, importFiles, type RemoteOptions } from "./bare-remote.ts";
import type { ChildEnvironment } from "./child.ts";
import { liveEnvironment, missingCredentials, scriptedEnvironment } from "./credentials.ts";
import { type FakeVendorProcess, type FakeVendorRecord, startFakeVendors } from "./fake-vendor-process.ts";
import type { DemoScripts } from "./missions-file.ts";
import { packageCacheFolder, unpackPackage } from "./package-source.ts";
import { missingOf } from "./requirements.ts";

/** The verb's options for a demo. */
export interface DemoCaller {
  /** True: one document on standard output, everything else on standard error. */
  readonly json: boolean;
  readonly environment: ChildEnvironment;
  readonly paint: Paint;
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}
export interface DemoSetupOptions extends Pick<DemoCaller, "environment" | "complain" | "paint"> {
  /** True: use the real models, with the environment's credentials, instead of the fakes. */
  readonly live: boolean;
  /** Repository to clone and work on instead of the scripts' own. */
  readonly repo: string | undefined;
  /** Printed at the top: what is scripted. */
  readonly answers: string;
  readonly scripts: DemoScripts;
  /** Changes the scripts once the folders exist; may write files to its own folder. */
  readonly adapt?: (scripts: DemoScripts, folders: DemoFolders) => Promise<DemoScripts>;
  /** Overlay files of the home. */
  readonly configuration?: string;
  readonly policies: string;
  /** More variables for the daemon and every verb. */
  readonly extra?: ChildEnvironment;
  readonly againHint: string;
}
/** The parts of a running demo. */
export interface DemoFolders {
  readonly folder: string;
  readonly home: string;
  readonly remote: RemoteOptions;
  readonly say: (line: string, tone?: Tone | null) => void;
  readonly signal: AbortSignal;
}
export interface DemoSetup extends DemoFolders {
  readonly scripts: DemoScripts;
  readonly lines: AedevLines;
  /** The same command lines without the signal, for cleaning up after an interrupt. */
  readonly last: AedevLines;
  /** The value used for every credential; null with live models. */
  readonly placeholder: string | null;
  startDaemon(): Promise<void>;
  /** May be called again. */
  stopDaemon(): Promise<void>;
  /** Stops the fakes and returns what they received; null with live models. */
  stopModels(): Promise<FakeVendorRecord | null>;
}

export async function withDemoSetup<T>(options: DemoSetupOptions, play: (setup: DemoSetup) => Promise<T>): Promise<T> {
  const { environment, complain, paint } = options;
  requireCredentials(options);
  checkScripts(options);
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, stop);
  const folder = mkdtempSync(join(tmpdir(), "aedev-demo-"));
  const say = (line: string, tone: Tone | null = null) =>
    complain(`${paint.faint("demo:")} ${brushFor(tone, paint)(line)}\n`);
  const remote = { remote: join(folder, "remote.git"), gitHome: join(folder, "git-home"), environment };
  const folders = { folder, home: join(folder, "home"), say, signal: interrupt.signal };
  try {
    mkdirSync(remote.gitHome);
    say(`throw-away home ${folders.home}`);
    say(`throw-away remote ${remote.remote} (writes to it are allowed)`);
    return await playWith({ ...folders, remote: { ...remote, signal: interrupt.signal } }, options, play);
  } catch (error) {
    if (interrupt.signal.aborted)
      throw new Fault("interrupted", "the demo was interrupted", { hint: options.againHint });
    throw error;
  } finally {
    say("what happened, at the terminal and as a page:");
    say(`  aedev --home ${folders.home} status`);
    say(`  aedev --home ${folders.home} status-board --serve`);
    for (const signal of signals) process.removeListener(signal, stop);
    say(`home and remote are kept for inspection; rm -rf ${folder} removes them`);
    say(`your own home and repositories: ${isPackaged ? "" : 'export PATH="$PWD/bin:$PATH" && '}aedev init`);
  }
}

async function playWith<T>(
  folders: DemoFolders,
  options: DemoSetupOptions,
  play: (setup: DemoSetup) => Promise<T>,
): Promise<T> {
  const { environment } = options;
  const scripts = (await options.adapt?.(options.scripts, folders)) ?? options.scripts;
  await makeRemote(folders, scripts, options);
  const vendors = options.live ? null : await startFakeVendors(scripts.folders, { environment, complain: folders.say });
  const placeholder = vendors === null ? null : `sk-ant-oat01-fake-${randomBytes(12).toString("hex")}`;
  const own = { ...ownEnvironment(folders, { environment, vendors, placeholder }), ...options.extra };
  const last = openLines(own);
  let isStarted = false;
  const setup: DemoSetup = {
    ...folders,
    scripts,
    lines: openLines(own, folders.signal),
    last,
    placeholder,
    async startDaemon() {
      isStarted = true;
      folders.say("starting the daemon");
      await setup.lines.document(["daemon", "start"], z.unknown());
    },
    async stopDaemon() {
      if (!isStarted) return;
      isStarted = false;
      await last.run(["daemon", "stop"]);
      folders.say(`the daemon has stopped; its log is ${homeLayout(folders.home).planeLog("daemon")}`);
    },
    stopModels: async () => (vendors === null ? null : vendors.stop()),
  };
  folders.say(options.answers);
  try {
    await setup.lines.document(["init", "--yes"], z.unknown());
    if (options.configuration !== undefined)
      writeFileSync(homeLayout(folders.home).configuration, options.configuration);
    writeFileSync(homeLayout(folders.home).policies, options.policies);
    await requireDoctor(setup.lines);
    return await play(setup);
  } finally {
    await setup.stopDaemon();
    await vendors?.stop();
  }
}

function ownEnvironment(
  { home }: DemoFolders,
  options: { environment: ChildEnvironment; vendors: FakeVendorProcess | null; placeholder: string | null },
): ChildEnvironment {
  const { environment, vendors, placeholder } = options;
  if (vendors === null || placeholder === null) return liveEnvironment(environment, home);
  return scriptedEnvironment(environment, { home, addresses: vendors.addresses, placeholder });
}

function requireCredentials({ live, environment }: DemoSetupOptions): void {
  const missing = live ? missingCredentials(environment) : [];
  if (missing.length > 0)
    throw new Fault("no-credentials", `--live needs credentials in the environment: ${missing.join(", ")} missing`, {
      hint: "with scripted answers, which need no credentials: aedev demo",
    });
}

const scriptNames = ["coder.json", "openai.json", "gemini.json"] as const;

function checkScripts({ scripts, live, repo }: DemoSetupOptions): void {
  if (!live) for (const folder of scripts.folders) for (const name of scriptNames) readFixtures(join(folder, name));
  if (repo === undefined && scripts.repository.package === undefined && scripts.files === null)
    throw new Fault("no-repository", "missions.yaml names no package and no files", { hint: "aedev demo --repo PATH" });
}

async function makeRemote(folders: DemoFolders, scripts: DemoScripts, options: DemoSetupOptions): Promise<void> {
  const { remote, folder, signal, say } = folders;
  const { environment, repo } = options;
  if (repo !== undefined) {
    say(`cloning ${repo}; the original is not changed`);
    return cloneRepository(repo, remote);
  }
  if (scripts.files !== null) return importFiles(scripts.files, "Import the demo's files", remote);
  const { package: name = "", integrity } = scripts.repository;
  say(`fetching ${name} with npm (kept in ${packageCacheFolder(environment)})`);
  const files = join(folder, "package");
  await unpackPackage({ package: name, integrity }, { target: files, environment, signal });
  await importFiles(files, `Import ${name} from npm`, remote);
}

/** Reports what is missing before anything starts. */
async function requireDoctor(lines: AedevLines): Promise<void> {
  const [first, ...rest] = await missingOf(lines);
  if (first === undefined) return;
  const others = rest.map(({ name, found }) => `; ${name}: ${found}`).join("");
  throw new Fault("not-ready", `${first.name}: ${first.found}${others}`, { hint: first.help });
}
