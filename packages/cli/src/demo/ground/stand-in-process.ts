/** The stand-in for the model vendors as a process of its own: started with the missions' scripts, ended with the demo. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Fault } from "@aedev/core/wire";
import { z } from "zod";
import type { Environment } from "../child.ts";

const program = fileURLToPath(new URL("../../stand-in/main.ts", import.meta.url));
const addressesSchema = z.strictObject({ anthropic: z.url(), openai: z.url(), gemini: z.url() });
const receivedSchema = z.looseObject({
  requests: z.array(z.looseObject({ vendor: z.string(), path: z.string(), credentials: z.string() })),
  texts: z.array(z.string()),
  tool_results: z.record(z.string(), z.string()),
});
/** What arrived at the vendors' place, and what the coder's tools answered, by the id of the call. */
export type StandInRecord = z.infer<typeof receivedSchema>;

export interface StandInProcess {
  readonly addresses: z.infer<typeof addressesSchema>;
  /** Ends it; again and again it answers the same. */
  stop(): Promise<StandInRecord>;
}

/** `complain` gets what it says, a line each. Throws a fault where a script can't be read. */
export async function startStandIn(
  folders: readonly string[],
  { environment, complain }: { environment: Environment; complain: (line: string) => void },
): Promise<StandInProcess> {
  const child = spawn(process.execPath, [program, ...folders], {
    env: { PATH: environment["PATH"], HOME: environment["HOME"] },
    stdio: ["pipe", "pipe", "pipe"],
    // In a group of its own: an interrupt from the terminal must not end it before the daemon.
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
    throw new Fault("stand-in-failed", `the stand-in for the models did not start: ${said.slice(-3).join(" ")}`, {
      hint: "config/demo/README.md has the form of the scripts",
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
