/** Makes the digest: what happened since an instant, and what waits for a person or is held now. Every figure comes from the log. */
import { holdMeanings } from "@aedev/contracts";
import type { UsageSum } from "@aedev/contracts/api";
import { type PriceList, type State, statusSummary, sumUsage } from "@aedev/core/reading";
import { homeLayout } from "@aedev/host/home-layout";
import { loadPrices } from "../configuration/load-prices.ts";
import { boardLink } from "../control/board-link.ts";
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
  /** Changes that landed, and tasks that a person rejected or cancelled, in order. */
  readonly landed: readonly DigestItem[];
  readonly rejected: readonly DigestItem[];
  readonly cancelled: readonly DigestItem[];
  /** What waits for a person now, since whenever; `help` is the command for it. */
  readonly waiting: readonly {
    readonly task_id: string | null;
    readonly mission_id: string;
    readonly title: string;
    readonly help: string;
  }[];
  /** What is held now: `means` explains the code, `detail` this case, if anything. */
  readonly holds: readonly (Omit<DigestItem, "repository"> & {
    readonly code: string;
    readonly means: string;
    readonly detail: string | null;
    readonly help: string;
  })[];
  /** What was used since `since`, and its cost at list price. */
  readonly used: UsageSum;
  /** Link to the status board; null while the daemon is down. */
  readonly link: string | null;
}

/** `since` and `until`: ISO 8601 UTC. Throws a Fault `config-invalid` if the operator's prices can't be read. */
export function readDigest({ home, since, until }: { home: string; since: string; until: string }): DigestReading {
  using reader = openLogReader(homeLayout(home).log);
  const prices = loadPrices({ home });
  const record = readDaemonRecord(home);
  const link = record === null ? null : boardLink({ home, port: record.port });
  return { ...reader.read((views) => digestOf(views, { since, until, prices })), link };
}

function digestOf(
  { state: reader, queries }: OpenedViews,
  { since, until, prices }: { since: string; until: string; prices: PriceList },
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
    holds: holds.map(({ task_id, mission_id, title, code, detail, help }) => ({
      ...{ task_id, mission_id, title, code, detail, help },
      means: holdMeanings[code].means,
    })),
    used: sumUsage(queries.charges.since(since), prices),
  };
}

function itemOf({ tasks, missions }: State, taskId: string): DigestItem[] {
  const task = tasks[taskId];
  if (task === undefined) return [];
  const { task_id, mission_id, repository } = task;
  return [{ task_id, mission_id, repository, title: missions[mission_id]?.title ?? mission_id }];
}
