/** A daemon whose clock a test moves forward or back while it runs, like a machine's. Its planes keep the machine's time. */
import { spawn } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { daemonArguments, supervisedFlag } from "../../packages/daemon/src/supervisor/service-plan.ts";
import type { Laboratory } from "./laboratory.ts";

/** Interval at which the process checks whether its clock was moved. */
const lookMs = 200;

export interface ShiftedClock {
  /** Milliseconds relative to the machine's clock; 0 at first. */
  shift(ms: number): void;
  /** Arguments that give a Node process this clock. */
  readonly nodeArguments: readonly string[];
  /** Starts the home's daemon with only the secrets in its files, and resolves once it answers. */
  startDaemon(): Promise<void>;
}

export function openShiftedClock(laboratory: Laboratory): ShiftedClock {
  const file = join(laboratory.folder, "clock-shift");
  const shift = (ms: number) => {
    writeFileSync(`${file}.new`, String(ms));
    renameSync(`${file}.new`, file);
  };
  shift(0);
  const preload = `
    import { readFileSync } from "node:fs";
    const RealDate = Date;
    const seen = { atMs: Number.NEGATIVE_INFINITY, shiftMs: 0 };
    const now = () => {
      if (performance.now() - seen.atMs > ${lookMs}) {
        seen.atMs = performance.now();
        seen.shiftMs = Number(readFileSync(${JSON.stringify(file)}, "utf8"));
      }
      return RealDate.now() + seen.shiftMs;
    };
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
      get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
    });`;
  const nodeArguments = ["--import", `data:text/javascript,${encodeURIComponent(preload)}`];
  return {
    shift,
    nodeArguments,
    async startDaemon() {
      const daemon = spawn(
        process.execPath,
        [...nodeArguments, ...daemonArguments(laboratory.environment["AEDEV_HOME"] ?? laboratory.home), supervisedFlag],
        { detached: true, cwd: "/", env: laboratory.environment, stdio: "ignore" },
      );
      daemon.unref();
      await laboratory.until(async () => (await laboratory.run("daemon", "status")).exitCode === 0);
    },
  };
}
