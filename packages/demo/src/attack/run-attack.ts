/**
 * `aedev demo --attack`: a coder attacks from inside a live sandbox, then the log is tampered with. It only reports; it defends nothing itself.
 *
 * Folder: `aedev demo --attack`.
 */
import { join } from "node:path";
import type { MissionDocument } from "@aedev/contracts/api";
import { z } from "zod";
import { sayProgress } from "../missions/drive-missions.ts";
import { playMissions, registerRepository } from "../missions/play-mission.ts";
import { type DemoCaller, type DemoSetup, withDemoSetup } from "../setup/demo-setup.ts";
import { type DemoScripts, readScripts } from "../setup/missions-file.ts";
import { recordedEvent } from "../telling/recorded-event.ts";
import { attackText, ownCommandText } from "./attack-text.ts";
import { writeAttackScripts } from "./coder-script.ts";
import { type AttackEntry, attackFolder, type HostAddresses, ownEntry, readAttackEntries } from "./entries.ts";
import { type HostListeners, openHostListeners } from "./host-listeners.ts";
import { type AttackResults, judgeEntries } from "./judge.ts";
import { tryTheLog } from "./log-trials.ts";
import { forgedOutcome, hostControls } from "./outcomes.ts";

const whySchema = z.looseObject({ reasons: z.array(z.string()) });

export interface AttackOptions extends DemoCaller {
  /** The person's own command, run in the sandbox instead of the attempts; its output is shown without a verdict. */
  readonly command: string | undefined;
}
/** The document that `--json` prints. */
export interface AttackDocument extends AttackResults {
  /** Requests that the gateway refused, according to the log. */
  readonly recorded: readonly string[];
  readonly answers: "scripted";
  readonly home: string;
}

const answers =
  "SCRIPTED: the coder's attempts and the judges' answers come from fake vendors on loopback; everything that refuses them is real";
// A small limit, so that a few megabytes exceed it. The attack gets one run, and no canary is added.
const configuration = "limits: { request_bytes: 2MiB }\n";
const policies = "repair: { max_runs: 0 }\njudges: { canary_share: 0 }\nsecond_implementation: never\n";

/** 0 if every attempt was refused and every control passed, otherwise 1. */
export async function runAttack(options: AttackOptions): Promise<0 | 1> {
  const { environment, complain, command, paint } = options;
  const shipped = readScripts(attackFolder);
  const scripts = command === undefined ? shipped : onlyFirst(shipped);
  const listeners = await openHostListeners();
  let entries: readonly AttackEntry[] = [];
  const adapt = async (own: DemoScripts, { folder, home }: { folder: string; home: string }) => {
    entries = command === undefined ? readAttackEntries(addressesOf(listeners, home)) : [ownEntry(command)];
    const [source = "", ...others] = own.folders;
    const target = join(folder, "attack-scripts");
    writeAttackScripts(entries, { source, target, continues: command === undefined });
    return { ...own, folders: [target, ...others] };
  };
  try {
    return await withDemoSetup(
      {
        ...{ environment, complain, paint, answers, scripts, adapt, configuration, policies },
        live: false,
        repo: undefined,
        againHint: "aedev demo --attack",
      },
      async (setup) => {
        const document = await attackOn(setup, () => entries, { listeners, isWhole: command === undefined });
        if (command !== undefined) {
          options.write(ownCommandText({ command, document, json: options.json }));
          return 0;
        }
        options.write(
          options.json ? `${JSON.stringify(document, null, 2)}\n` : attackText(document, { answers, paint }),
        );
        const isClean =
          document.attempts.every(({ refused }) => refused) && document.controls.every(({ passed }) => passed);
        return isClean ? 0 : 1;
      },
    );
  } finally {
    listeners.close();
  }
}

async function attackOn(
  setup: DemoSetup,
  entries: () => readonly AttackEntry[],
  { listeners, isWhole }: { listeners: HostListeners; isWhole: boolean },
): Promise<AttackDocument> {
  const { last, home, placeholder, scripts } = setup;
  const forging = scripts.missions.filter(({ forges }) => forges !== undefined);
  const honest = scripts.missions.filter(({ forges }) => forges === undefined);
  await setup.startDaemon();
  const unfollow = sayProgress(setup);
  let missions: MissionDocument[];
  try {
    await registerRepository(setup);
    // A landing would change the base of the others.
    missions = await playMissions({ ...setup, scripts: { ...scripts, missions: forging } }, null);
    missions.push(...(await playMissions({ ...setup, scripts: { ...scripts, missions: honest } }, null)));
  } finally {
    unfollow();
  }
  await setup.stopDaemon();
  const received = (await setup.stopModels()) ?? { requests: [], texts: [], tool_results: {} };
  const { address, loopback } = listeners.listeners;
  const connections = { address: address.connections(), loopback: loopback.connections() };
  const host = { received, connections, credential: placeholder ?? "" };
  const inside = judgeEntries(entries(), host);
  const events = (await last.events()).map(recordedEvent);
  const recorded = events.flatMap((event) => (event.type === "RequestRefused" ? [event.data.what] : []));
  const taskId = missions[0]?.tasks[0]?.task_id ?? "";
  const outside = isWhole ? await tryTheLog(setup, taskId) : { attempts: [], controls: [] };
  const decided = { home, reasons: await askReasons(setup, missions) };
  const forged = isWhole ? forgedOutcome([...forging, ...honest], missions, decided) : { attempts: [], controls: [] };
  const hosts = isWhole ? hostControls(listeners, host) : [];
  return {
    attempts: [...inside.attempts, ...forged.attempts, ...outside.attempts],
    controls: [...hosts, ...inside.controls, ...forged.controls, ...outside.controls],
    recorded,
    answers: "scripted",
    home,
  };
}

/** Why tasks ask, by the task's id. */
async function askReasons({ last }: DemoSetup, missions: readonly MissionDocument[]): Promise<Map<string, string>> {
  const asked = missions.flatMap(({ tasks }) => tasks.filter(({ decision }) => decision === "ask"));
  const found = new Map<string, string>();
  for (const { task_id: id } of asked) {
    const { reasons } = await last.document(["task", "show", id], whySchema);
    found.set(id, reasons.join("; "));
  }
  return found;
}

function addressesOf({ listeners: { address, loopback } }: HostListeners, home: string): HostAddresses {
  return {
    host_address: address.address,
    host_port: address.port,
    loopback_port: loopback.port,
    home,
    pid: String(process.pid),
  };
}

function onlyFirst(scripts: DemoScripts): DemoScripts {
  return { ...scripts, missions: scripts.missions.slice(0, 1), folders: scripts.folders.slice(0, 1) };
}
