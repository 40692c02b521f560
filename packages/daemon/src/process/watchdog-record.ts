/** Counts in the home how often in a row `aedev watchdog` found the daemon not working, and sends a push once that is certain, since the daemon can't. */
import { rmSync } from "node:fs";
import { Fault, instantSchema, push, pushLine } from "@aedev/contracts";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { readControlSecrets } from "../home/secrets.ts";
import { publishMessage } from "../phone/ntfy/ntfy-client.ts";
import { pushServerOf } from "../phone/send-push.ts";

/** Failed checks in a row before a push: a single one may just meet a restart. */
const failuresBeforePush = 3;
const tokenName = "AEDEV_NTFY_TOKEN";

const recordSchema = z.strictObject({ failures: z.int().positive(), since: instantSchema, pushed: z.boolean() });

export interface WatchdogCount {
  /** Failed checks in a row, including this one. */
  readonly failures: number;
  /** Whether a push has told a person of this outage. */
  readonly pushed: boolean;
  /** Why a due push could not be sent; the next check tries again. */
  readonly pushProblem: string | null;
}

/** `problem` null: the daemon works, or a person stopped it. */
export async function recordCheck(
  options: HomeOptions & { problem: string | null },
  now = new Date().toISOString(),
): Promise<WatchdogCount> {
  const path = homeLayout(options.home).watchdog;
  if (options.problem === null) {
    rmSync(path, { force: true });
    return { failures: 0, pushed: false, pushProblem: null };
  }
  const before = recordSchema.safeParse(parseJson(readIfThere(path) ?? "")).data ?? {
    failures: 0,
    since: now,
    pushed: false,
  };
  const record = { ...before, failures: before.failures + 1 };
  const isDue = record.failures >= failuresBeforePush && !record.pushed;
  const pushProblem = isDue ? await pushAlarm(options, { ...record, problem: options.problem }) : null;
  const pushed = record.pushed || (isDue && pushProblem === null);
  writeDurably(path, `${JSON.stringify({ ...record, pushed })}\n`);
  return { failures: record.failures, pushed, pushProblem };
}

const problemLengthMax = 500;

/** Why the push could not be sent; null if the server took it. */
async function pushAlarm(
  { home, environment }: HomeOptions,
  { problem, failures, since }: { problem: string; failures: number; since: string },
): Promise<string | null> {
  try {
    const { notifications } = loadConfiguration({ home, environment });
    const credential = environment[tokenName] ?? readControlSecrets(home)[tokenName] ?? "";
    await publishMessage(pushServerOf(notifications, credential || null), {
      title: push`aedev: the daemon does not work`,
      message: push`${pushLine(problem, problemLengthMax)}. Found at ${failures} checks in a row since ${pushLine(since, problemLengthMax)}. At the machine: aedev daemon status`,
      priority: 5,
      tags: ["rotating_light"],
      actions: [],
      click: null,
    });
    return null;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}
