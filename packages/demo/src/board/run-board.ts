/** `aedev demo --board`: a throw-away home full of simulated missions, and its daemon, which only reads. The person's own home is not touched. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { openLines } from "../setup/aedev-lines.ts";
import { liveEnvironment } from "../setup/credentials.ts";
import type { DemoCaller } from "../setup/demo-setup.ts";
import { demoStartsBeforeMs, fillHome } from "./fill-home.ts";

const seed = 57;

/** Resolves once the demo stands (`keep`), or once it was interrupted and is gone. */
export async function runBoard({
  json,
  environment,
  write,
  complain,
  keep,
}: DemoCaller & { keep: boolean }): Promise<0> {
  const folder = mkdtempSync(join(tmpdir(), "aedev-demo-board-"));
  const home = join(folder, "home");
  const own = liveEnvironment({ PATH: environment["PATH"], HOME: folder }, home);
  const lines = openLines(own);
  const remove = async () => {
    await lines.run(["daemon", "stop"]);
    rmSync(folder, { recursive: true, force: true });
  };
  const ended = keep ? null : interrupted();
  try {
    complain("demo: simulating two weeks in four repositories\n");
    await makeHome(home);
    await lines.document(["daemon", "start"], z.unknown());
    const { address } = await lines.document(["open", "--print"], z.looseObject({ address: z.string() }));
    const removal = `AEDEV_HOME=${home} aedev daemon stop && rm -rf ${folder}`;
    write(json ? `${JSON.stringify({ home, address, removal }, null, 2)}\n` : textOf({ home, address, removal, keep }));
    await ended;
  } catch (error) {
    await remove();
    throw error;
  }
  if (!keep) await remove();
  return 0;
}

async function makeHome(home: string): Promise<void> {
  const { createDemoHome } = await import("@aedev/daemon");
  const nowMs = Date.now();
  await using filled = await createDemoHome({ home, at: new Date(nowMs - demoStartsBeforeMs).toISOString() });
  await fillHome(filled, { seed, nowMs });
}

/** Resolves at the first signal that asks to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
    // A waiting promise does not keep a process alive.
    const timer = setInterval(() => undefined, 60_000);
    process.once("exit", () => clearInterval(timer));
  });
}

function textOf({ home, address, removal, keep }: { home: string; address: string; removal: string; keep: boolean }) {
  return [
    "A demo: everything in it is simulated, nothing in it can be changed, and your own home is not touched.",
    "Open this link in a browser on this machine. It works once, within ten minutes:",
    address,
    "or look in the terminal:",
    `AEDEV_HOME=${home} aedev status`,
    ...(keep ? ["It stays until you remove it:", removal] : ["Ctrl-C ends and removes it."]),
    "",
  ].join("\n");
}
