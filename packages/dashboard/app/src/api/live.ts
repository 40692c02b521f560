/**
 * What the daemon says now: its status and the missions, each as of a position of the log. Nothing here computes a state; a message replaces what it names.
 */

import type { LiveMessage, MissionDocument, RouteAnswer } from "@aedev/contracts/api";
import { computed, signal } from "@preact/signals";
import { CallError, call, send } from "./client.ts";
import { methodAndPath } from "./route-table.ts";
import { distrust } from "./session.ts";

/** The daemon sends a message at least every five seconds; after two more it counts as gone. */
const silenceMs = 15_000;
const pageMax = 500;
/** Older missions are not on the board. */
const missionsMax = 2000;
/** The pause before a lost stream is opened again. */
const againMs = 2000;

type Status = LiveMessage["status"];

export const missions = signal<ReadonlyMap<string, MissionDocument>>(new Map());
export const status = signal<Status | null>(null);
export const position = signal(0);
/** The daemon's time minus this browser's, in milliseconds. */
const clockOffset = signal(0);
/** When the last message came, by this browser's monotonic clock; null: none yet. */
const heardAt = signal<number | null>(null);
const tick = signal(performance.now());
/** The daemon's time of the last message. */
export const asOf = signal<string | null>(null);

export const isDown = computed(() => heardAt.value !== null && tick.value - heardAt.value > silenceMs);
/** The daemon's time now, in milliseconds since 1970. */
export const now = computed(() => {
  void tick.value;
  return Date.now() + clockOffset.value;
});

/** Newest first. */
export const missionList = computed(() =>
  [...missions.value.values()].toSorted((left, right) => (left.submitted_at < right.submitted_at ? 1 : -1)),
);

/** More changed than the stream could say, and it has not been read yet. */
let hasMissed = false;

/** Missions that the stream sent while everything was being read. */
const isStreamed = new Set<string>();

async function readAll(): Promise<void> {
  isStreamed.clear();
  const newest: MissionDocument[] = [];
  for (let after: string | null = ""; after !== null && newest.length < missionsMax; ) {
    const query = { limit: pageMax, ...(after === "" ? {} : { after }) };
    const page: RouteAnswer<"listMissions"> = await call("listMissions", { query });
    newest.push(...page.missions);
    after = page.next;
  }
  // What the stream brought meanwhile is newer.
  const read = new Map(newest.map((mission) => [mission.mission_id, mission]));
  missions.value = new Map([...read, ...[...missions.value].filter(([id]) => isStreamed.has(id))]);
}

function take(message: LiveMessage): void {
  heardAt.value = performance.now();
  asOf.value = message.at;
  clockOffset.value = Date.parse(message.at) - Date.now();
  // A daemon that was restored from a backup may be behind.
  const isBehind = message.position < position.value;
  status.value = message.status;
  if (message.reload || isBehind) hasMissed = true;
  if (hasMissed) {
    // Until everything was read, the next message tries again, and the page stands at its old position.
    readAll().then(
      () => {
        hasMissed = false;
        position.value = message.position;
      },
      (error: unknown) => {
        if (!(error instanceof CallError)) throw error;
      },
    );
    return;
  }
  position.value = message.position;
  if (message.missions.length === 0) return;
  const changed = new Map(missions.value);
  for (const mission of message.missions) {
    changed.set(mission.mission_id, mission);
    isStreamed.add(mission.mission_id);
  }
  missions.value = changed;
}

/** Reads everything, then follows the changes for as long as the page is open. Throws a `CallError` if nobody is signed in. */
export async function follow(): Promise<void> {
  await call("whoAmI", {}).catch((error: unknown) => {
    if (!(error instanceof CallError) || error.code !== "offline") throw error;
  });
  setInterval(() => {
    tick.value = performance.now();
  }, 1000);
  // A stream that never comes is as silent as one that was lost.
  heardAt.value = performance.now();
  void listen();
  await readAll();
}

/** Keeps a stream open. A lost one is opened again with the last position, once the daemon has proved itself. */
async function listen(): Promise<never> {
  for (;;) {
    await readStream().catch((error: unknown) => {
      if (!(error instanceof CallError || error instanceof TypeError || error instanceof DOMException)) throw error;
    });
    distrust();
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

/** Ends when the connection does. */
async function readStream(): Promise<void> {
  const headers: Record<string, string> = position.value > 0 ? { "last-event-id": String(position.value) } : {};
  const response = await send(methodAndPath.stream[1], { method: "GET", headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!response.ok || reader === undefined) return;
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const messages = text.split("\n\n");
    text = messages.pop() ?? "";
    for (const message of messages) {
      const data = /^data: (.*)$/mu.exec(message)?.[1];
      if (data !== undefined) take(JSON.parse(data) as LiveMessage);
    }
  }
}
