/** Runs the fake model vendors in their own process: started with the missions' scripts, stopped with the demo. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Fault } from "@aedev/contracts";
import { z } from "zod";
import type { ChildEnvironment } from "./child.ts";

const program = fileURLToPath(import.meta.resolve("@aedev/fakes/main"));
const addressesSchema = z.strictObject({ anthropic: z.url(), openai: z.url(), gemini: z.url() });
const receivedSchema = z.looseObject({
  requests: z.array(z.looseObject({ vendor: z.string(), path: z.string(), credentials: z.string() })),
  texts: z.array(z.string()),
  tool_results: z.record(z.string(), z.string()),
});
/** The requests that the fake vendors received, and the output of the coder's tools by call id. */
export type FakeVendorRecord = z.infer<typeof receivedSchema>;

export interface FakeVendorProcess {
  readonly addresses: z.infer<typeof addressesSchema>;
  /** Stops the process. Repeated calls return the same record. */
  stop(): Promise<FakeVendorRecord>;
}

/** `complain` gets each line of its stderr. Throws a fault if a script can't be read. */
export async function startFakeVendors(
  folders: readonly string[],
  { environment, complain }: { environment: ChildEnvironment; complain: (line: string) => void },
): Promise<FakeVendorProcess> {
  const child = spawn(process.execPath, [program, ...folders], {
    env: { PATH: environment["PATH"], HOME: environment["HOME"] },
    stdio: ["pipe", "pipe", "pipe"],
    // In its own process group: an interrupt from the terminal must not end it before the daemon.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    said.push(line);
    complain(line);
  });
  const lines: string[] = [];
  const out = createInterface({ input: child.stdout });
  out.on("line", (line) => lines.push(line));
  const first = await Promise.race([
    new Promise<string>((resolve) => out.once("line", resolve)),
    ended.then(() => undefined),
  ]);
  if (first === undefined)
    throw new Fault("fake-failed", `the fake model vendors did not start: ${said.slice(-3).join(" ")}`, {
      hint: "config/demo/README.md describes the format of the scripts",
    });
  return {
    addresses: addressesSchema.parse(JSON.parse(first)),
    async stop() {
      child.stdin.end();
      await ended;
      const last = lines[1];
      return last === undefined
        ? { requests: [], texts: [], tool_results: {} }
        : receivedSchema.parse(JSON.parse(last));
    },
  };
}
