/**
 * `aedev demo --attack`: a coder that attacks from inside a live sandbox, then a hand that changes the log. Every attempt must have been
 * refused and every control beside it must have passed. It reports; it guards nothing itself.
 */
import { join } from "node:path";
import type { MissionDocument } from "@aedev/core";
import type { Environment } from "../child.ts";
import { sayProgress } from "../drive-missions.ts";
import { onStage, type Stage } from "../ground/stage.ts";
import { type DemoScripts, readScripts } from "../missions-file.ts";
import { playMissions, registerRepository } from "../play-mission.ts";
import { noPaint, type Paint } from "../telling/paint.ts";
import { recordedEvent } from "../telling/recorded-event.ts";
import { attackText, ownCommandText } from "./attack-text.ts";
import { writeAttackScripts } from "./coder-script.ts";
import { attackFolder, type Entry, type HostPlaces, ownEntry, readEntries } from "./entries.ts";
import { type HostListeners, openHostListeners } from "./host-listeners.ts";
import { type AttemptResult, type ControlResult, judgeEntries } from "./judge.ts";
import { tryTheLog } from "./log-trials.ts";
import { forgedOutcome, hostControls } from "./outcomes.ts";

export interface AttackOptions {
  readonly json: boolean;
  /** One command of the person's own to run in the sandbox instead of the attempts; it is shown and not judged. */
  readonly command?: string;
  readonly environment: Environment;
  readonly paint?: Paint;
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}
/** As `--json` prints it. */
export interface AttackDocument {
  readonly attempts: readonly AttemptResult[];
  readonly controls: readonly ControlResult[];
  /** What the log says the gateway refused. */
  readonly recorded: readonly string[];
  readonly answers: "scripted";
  readonly home: string;
}

const answers =
  "SCRIPTED: what the coder tries and the judges answer comes from a stand-in on loopback; all that refuses it is real";
// Small, so that a request that is too large is one of a few megabytes; one run is all the attack gets, and no planted bundle rides along.
const configuration = "limits: { request_bytes: 2MiB }\n";
const policies = "repair: { max_runs: 0 }\njudges: { canary_share: 0 }\n";

/** 0 where every attempt was refused and every control passed. */
export async function runAttack(options: AttackOptions): Promise<0 | 1> {
  const { environment, complain, command, paint = noPaint } = options;
  const shipped = readScripts(attackFolder);
  const scripts = command === undefined ? shipped : onlyFirst(shipped);
  const listeners = await openHostListeners();
  let entries: readonly Entry[] = [];
  const adapt = async (own: DemoScripts, { folder, home }: { folder: string; home: string }) => {
    entries = command === undefined ? readEntries(placesOf(listeners, home)) : [ownEntry(command)];
    const [source = "", ...others] = own.folders;
    const target = join(folder, "attack-scripts");
    writeAttackScripts(entries, { source, target, goesOn: command === undefined });
    return { ...own, folders: [target, ...others] };
  };
  try {
    return await onStage(
      {
        live: false,
        environment,
        complain,
        paint,
        answers,
        scripts,
        adapt,
        configuration,
        policies,
        againHint: "aedev demo --attack",
      },
      async (stage) => {
        const document = await attackOn(stage, () => entries, { listeners, isWhole: command === undefined });
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
  stage: Stage,
  entries: () => readonly Entry[],
  { listeners, isWhole }: { listeners: HostListeners; isWhole: boolean },
): Promise<AttackDocument> {
  const { last, home, placeholder } = stage;
  await stage.startDaemon();
  const unfollow = sayProgress(stage);
  let missions: MissionDocument[];
  try {
    await registerRepository(stage);
    missions = await playMissions(stage, null);
  } finally {
    unfollow();
  }
  await stage.stopDaemon();
  const received = (await stage.stopModels()) ?? { requests: [], texts: [], tool_results: {} };
  const { address, loopback } = listeners.listeners;
  const connections = { address: address.connections(), loopback: loopback.connections() };
  const host = { received, connections, credential: placeholder ?? "" };
  const inside = judgeEntries(entries(), host);
  const events = (await last.events()).map(recordedEvent);
  const recorded = events.flatMap((event) => (event.type === "RequestRefused" ? [event.data.what] : []));
  const taskId = missions[0]?.tasks[0]?.task_id ?? "";
  const outside = isWhole ? await tryTheLog(stage, taskId) : { attempts: [], controls: [] };
  const forged = isWhole ? forgedOutcome(missions, home) : { attempts: [], controls: [] };
  const hosts = isWhole ? hostControls(listeners, host) : [];
  return {
    attempts: [...inside.attempts, ...forged.attempts, ...outside.attempts],
    controls: [...hosts, ...inside.controls, ...forged.controls, ...outside.controls],
    recorded,
    answers: "scripted",
    home,
  };
}

function placesOf({ listeners: { address, loopback } }: HostListeners, home: string): HostPlaces {
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
