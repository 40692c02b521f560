/** Drives aedev as a person does: each call is one command line in a process of its own, against one home. It knows no other way in. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Fault } from "@aedev/core/wire";
import { z } from "zod";
import { type ShownEvent, shownEventSchema } from "../render/event-line.ts";
import { type ChildResult, type Environment, runChild } from "./child.ts";

const program = fileURLToPath(new URL("../main.ts", import.meta.url));
const refusalSchema = z.looseObject({
  error: z.looseObject({ code: z.string(), reason: z.string(), hint: z.string().nullish() }),
});

const eventsSchema = z.looseObject({ events: z.array(shownEventSchema) });
const eventsMax = 100_000;

export interface AedevLines {
  /** Runs a verb with `--json`: its document where the exit code is one of `exits` (0 by default), else a fault with what the verb said. */
  document<T>(args: readonly string[], schema: z.ZodType<T>, exits?: readonly number[]): Promise<T>;
  run(args: readonly string[]): Promise<ChildResult>;
  /** Every event of the log. */
  events(): Promise<ShownEvent[]>;
  /** Calls `see` for each event as it is appended, until the returned function is called. */
  follow(see: (event: ShownEvent) => void): () => void;
}

/** `environment` names the home. `signal` interrupts what runs. */
export function openLines(environment: Environment, signal?: AbortSignal): AedevLines {
  const options = { environment, ...(signal === undefined ? {} : { signal }) };
  const run = (args: readonly string[]) => runChild(process.execPath, [program, ...args], options);
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
        const event = shownEventSchema.safeParse(parseJson(line));
        if (event.success) see(event.data);
      });
      return () => child.kill("SIGTERM");
    },
  };
}

function failure(args: readonly string[], { exit, err }: ChildResult, json: unknown): Fault {
  const verb = `aedev ${args.slice(0, 2).join(" ")}`;
  const refusal = refusalSchema.safeParse(json);
  if (refusal.success) {
    const { code, reason, hint } = refusal.data.error;
    return new Fault(code, `${verb}: ${reason}`, hint ? { hint } : {});
  }
  const said = err.trim() === "" ? "" : `: ${err.trim().slice(-1000)}`;
  return new Fault("verb-failed", `${verb} ended with ${exit ?? "a signal"}${said}`, { hint: "aedev doctor" });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
