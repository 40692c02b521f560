/** The digest: what happened since an instant, and what waits for a person or is held now. Every figure is from the log. It changes nothing. */
import { holdMeanings } from "@aedev/contracts";
import { type State, statusSummary } from "@aedev/core/reading";
import { homeLayout } from "@aedev/host/home-layout";
import { readDaemonRecord } from "../home/daemon-record.ts";
import type { OpenedViews } from "../log/open-views.ts";
import { openLogReader } from "./log-reader.ts";

/** A task with its mission's title. */
export interface DigestItem {
  readonly task_id: string;
  readonly mission_id: string;
  readonly repository: string;
  readonly title: string;
}
/** What happened between two instants, and what waits or is held now. */
export interface DigestReading {
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly until: string;
  /** Of changes that landed, and of tasks that a person rejected or cancelled, in order. */
  readonly landed: readonly DigestItem[];
  readonly rejected: readonly DigestItem[];
  readonly cancelled: readonly DigestItem[];
  /** What waits for a person now, whenever it began; `help` is the command for it. */
  readonly waiting: readonly {
    readonly task_id: string | null;
    readonly mission_id: string;
    readonly title: string;
    readonly help: string;
  }[];
  /** What is held now; `means` says why in words. */
  readonly holds: readonly (Omit<DigestItem, "repository"> & {
    readonly code: string;
    readonly means: string;
    readonly help: string;
  })[];
  /** Of runs that started, and of drafts and set-up runs asked for, since then. */
  readonly tokens: number;
  /** The status board; null while the daemon is down. */
  readonly link: string | null;
}

/** `since` and `until`: ISO 8601 UTC. */
export function readDigest({ home, since, until }: { home: string; since: string; until: string }): DigestReading {
  using reader = openLogReader(homeLayout(home).log);
  const record = readDaemonRecord(home);
  const link = record === null ? null : `http://127.0.0.1:${record.port}/status-board`;
  return { ...reader.read((views) => digestOf(views, { since, until })), link };
}

function digestOf(
  { state: reader, queries }: OpenedViews,
  { since, until }: { since: string; until: string },
): Omit<DigestReading, "link"> {
  const endings = queries.endingsSince(since);
  const { state } = reader.open({ tasks: endings.map(({ task_id }) => task_id) });
  const of = (type: (typeof endings)[number]["type"]) =>
    endings.filter((end) => end.type === type).flatMap(({ task_id }) => itemOf(state, task_id));
  const { waiting, holds } = statusSummary(reader.open().state, until, queries.totals().missions);
  return {
    since,
    until,
    landed: of("ChangeLanded"),
    rejected: of("TaskRejected"),
    cancelled: of("TaskCancelled"),
    waiting: waiting.map(({ task_id, mission_id, title, help }) => ({ task_id, mission_id, title, help })),
    holds: holds.map(({ task_id, mission_id, title, code, help }) => ({
      ...{ task_id, mission_id, title, code, help },
      means: holdMeanings[code].means,
    })),
    tokens: queries.tokensSince(since),
  };
}

function itemOf({ tasks, missions }: State, taskId: string): DigestItem[] {
  const task = tasks[taskId];
  if (task === undefined) return [];
  const { task_id, mission_id, repository } = task;
  return [{ task_id, mission_id, repository, title: missions[mission_id]?.title ?? mission_id }];
}
