/** Drives aedev as a person does: each call runs one command line in its own process, with one home. No other interface may be used. */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Fault } from "@aedev/contracts";
import { errorDocumentSchema } from "@aedev/contracts/api";
import { type ExportedEvent, exportedEventSchema } from "@aedev/contracts/events";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type ChildEnvironment, type ChildResult, runChild } from "./child.ts";

const program = fileURLToPath(import.meta.resolve("@aedev/cli/main"));
const eventsSchema = z.looseObject({ events: z.array(exportedEventSchema) });
const eventsMax = 100_000;

export interface AedevLines {
  /** Runs a verb with `--json`: returns its document if the exit code is in `exits` (by default 0), otherwise throws a fault with the verb's error. */
  document<T>(args: readonly string[], schema: z.ZodType<T>, exits?: readonly number[]): Promise<T>;
  run(args: readonly string[]): Promise<ChildResult>;
  events(): Promise<ExportedEvent[]>;
  /** Calls `see` for each event as it is appended, until the returned function is called. */
  follow(see: (event: ExportedEvent) => void): () => void;
}

/** `environment` names the home. `signal` interrupts running commands. */
export function openLines(environment: ChildEnvironment, signal?: AbortSignal): AedevLines {
  const run = (args: readonly string[]) => runChild(process.execPath, [program, ...args], { environment, signal });
  const document: AedevLines["document"] = async (args, schema, exits = [0]) => {
    const result = await run(["--json", ...args]);
    const json = parseJson(result.out);
    if (result.exit !== null && exits.includes(result.exit)) {
      const parsed = schema.safeParse(json);
      if (parsed.success) return parsed.data;
    }
    throw failure(args, result, json);
  };
  return {
    run,
    document,
    async events() {
      const { events } = await document(["events", "--limit", String(eventsMax)], eventsSchema);
      return events;
    },
    follow(see) {
      const child = spawn(process.execPath, [program, "events", "--follow", "--json"], {
        env: environment,
        stdio: ["ignore", "pipe", "ignore"],
      });
      createInterface({ input: child.stdout }).on("line", (line) => {
        const event = exportedEventSchema.safeParse(parseJson(line));
        if (event.success) see(event.data);
      });
      return () => child.kill("SIGTERM");
    },
  };
}

function failure(args: readonly string[], { exit, err }: ChildResult, json: unknown): Fault {
  const verb = `aedev ${args.slice(0, 2).join(" ")}`;
  const refusal = errorDocumentSchema.safeParse(json);
  if (refusal.success) {
    const { code, reason, hint } = refusal.data.error;
    return new Fault(code, `${verb}: ${reason}`, hint ? { hint } : {});
  }
  const said = err.trim() === "" ? "" : `: ${err.trim().slice(-1000)}`;
  return new Fault("verb-failed", `${verb} ended with ${exit ?? "a signal"}${said}`, { hint: "aedev doctor" });
}
