/**
 * What the daemon says now: its status and the missions, each as of a position of the log. Nothing here computes a state; a message replaces what it names.
 */

import type { LiveMessage, MissionDocument, RouteAnswer } from "@aedev/contracts/api";
import { computed, signal } from "@preact/signals";
import { CallError, call, send } from "./client.ts";
import { methodAndPath } from "./route-table.ts";
import { distrust, isSignedOut } from "./session.ts";

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

/** Everything is to be read: nothing was yet, or more changed than the stream could say. */
let mustRead = true;
let isReading = false;
/** The position of the last message. */
let latest = 0;
/** Whether the documents were read once. Until then the pages know nothing. */
export const isRead = signal(false);
/** Why they could not be read; null: nothing failed. */
export const readProblem = signal<string | null>(null);

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

/** Reads everything once at a time, and again if that became necessary meanwhile. Until then the page stands at its old position; the next message tries again. */
async function readEverything(): Promise<void> {
  if (isReading) return;
  isReading = true;
  try {
    while (mustRead) {
      mustRead = false;
      await readAll();
    }
    position.value = latest;
    isRead.value = true;
    readProblem.value = null;
  } catch (error) {
    mustRead = true;
    if (!(error instanceof CallError)) throw error;
    readProblem.value = error.message;
  } finally {
    isReading = false;
  }
}

function take(message: LiveMessage): void {
  heardAt.value = performance.now();
  asOf.value = message.at;
  clockOffset.value = Date.parse(message.at) - Date.now();
  // A daemon that was restored from a backup may be behind.
  if (message.reload || message.position < latest) mustRead = true;
  latest = message.position;
  status.value = message.status;
  if (message.missions.length > 0) {
    const changed = new Map(missions.value);
    for (const mission of message.missions) {
      changed.set(mission.mission_id, mission);
      isStreamed.add(mission.mission_id);
    }
    missions.value = changed;
  }
  if (mustRead || isReading) void readEverything();
  else position.value = latest;
}

/** Follows the changes for as long as the page is open, unless nobody is signed in; the first message makes it read everything. */
export function follow(): void {
  setInterval(() => {
    tick.value = performance.now();
  }, 1000);
  // A stream that never comes is as silent as one that was lost.
  heardAt.value = performance.now();
  void listen();
}

/** Keeps a stream open until this browser is signed out. A lost one is opened again with the last position, once the daemon has proved itself. */
async function listen(): Promise<void> {
  while (!isSignedOut.value) {
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
