/** Figures of the processes, the home's files and disk, and its containers as the engine lists them. An unreadable figure has no sample: unknown is not 0. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { homeLayout } from "@aedev/host/home-layout";
import { z } from "zod";
import { askEngine } from "../control/ask-engine.ts";
import { machineFacts } from "../control/machine-facts.ts";
import type { Configured, Home } from "../control/parts.ts";
import { gauge, gaugeBy, type Metric } from "./metric.ts";

/** An engine that hangs must not keep a scrape waiting. */
const engineTimeoutMs = 2_000;

/** Process ids by name; null: not running. */
export type ProcessIds = Readonly<Record<"daemon" | "execution" | "judgement", number | null>>;

/** Resident memory and open descriptors of aedev's own processes. Without Linux's /proc only the daemon's memory is known. */
export function processMetrics(ids: ProcessIds): Metric[] {
  const running = Object.entries(ids).flatMap(([name, pid]) => (pid === null ? [] : [{ name, pid }]));
  const by = (read: (pid: number) => number | null) =>
    Object.fromEntries(
      running.flatMap(({ name, pid }) => {
        const value = read(pid);
        return value === null ? [] : [[name, value] as const];
      }),
    );
  return [
    gaugeBy("process", {
      name: "aedev_process_resident_memory_bytes",
      help: "Resident memory of each process.",
      values: by(residentBytes),
    }),
    gaugeBy("process", {
      name: "aedev_process_open_descriptors",
      help: "Open file descriptors of each process.",
      values: by(openDescriptors),
    }),
  ];
}

function residentBytes(pid: number): number | null {
  if (pid === process.pid) return process.memoryUsage.rss();
  const status = orNull(() => readFileSync(`/proc/${pid}/status`, "utf8"));
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? "")?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

function openDescriptors(pid: number): number | null {
  return orNull(() => readdirSync(`/proc/${pid}/fd`).length);
}

/** Null if the process ended while it was looked at. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

export function homeMetrics({ home, configuration }: Home & Configured<"runLimits">): Metric[] {
  const { log } = homeLayout(home);
  const size = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const { disk_free_bytes, disk_needed_bytes } = machineFacts(home, configuration.runLimits.disk_free_bytes);
  return [
    gauge("aedev_log_bytes", "Size of the log's file.", size(log)),
    gauge("aedev_log_wal_bytes", "Size of the log's write-ahead file.", size(`${log}-wal`)),
    gauge("aedev_disk_free_bytes", "Free space on the home's disk.", disk_free_bytes),
    gauge("aedev_disk_needed_bytes", "What a run needs of it (limits.disk_free).", disk_needed_bytes),
  ];
}

const containerSchema = z.object({
  Id: z.string().min(1).max(200),
  Labels: z.record(z.string(), z.string()).nullish(),
});

/** A container of the home. `run`: its label `aedev.run`, or null. */
interface Container {
  readonly id: string;
  readonly run: string | null;
}

/** The home's containers in any state. `containers` null: the engine gave no readable list. */
export async function engineMetrics(
  homeId: string | null,
  environment: NodeJS.ProcessEnv,
): Promise<{ metrics: Metric[]; containers: readonly Container[] | null }> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`aedev.home=${homeId ?? ""}`] }));
  const answer = await askEngine(environment, `/containers/json?all=1&filters=${filters}`, {
    timeoutMs: engineTimeoutMs,
  });
  const listed = z.array(containerSchema).safeParse(answer.ok ? answer.body : null);
  const containers = listed.success
    ? listed.data.map(({ Id: id, Labels }) => ({ id, run: Labels?.["aedev.run"] ?? null }))
    : null;
  return {
    metrics: [
      gauge("aedev_engine_answers", "1: the Docker engine lists containers in time.", Number(listed.success)),
      gauge("aedev_containers", "Containers of this home.", containers?.length ?? null),
    ],
    containers,
  };
}
