/** What an attacking coder tries, as `attack.yaml` says it: parsed strictly, its placeholders filled. config/demo/README.md is its documentation. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Fault } from "@aedev/core/wire";
import { z } from "zod";
import { parseYaml } from "../../session/yaml-text.ts";

export const attackFolder = fileURLToPath(new URL("../../../../../config/demo/attack", import.meta.url));

/** Matched by line: `^` and `$` are those of a line. */
const pattern = z
  .string()
  .min(1)
  .transform((text) => new RegExp(text, "m"));
const named = { group: z.string().min(1), name: z.string().min(1), command: z.string().min(1) };
const attemptSchema = z.strictObject({
  ...named,
  /** Stands in the output where the attempt was refused. */
  refused: pattern,
  /** Stands in the output where it got through. */
  through: pattern.exactOptional(),
  /** The listener on the host that must have no connection. */
  listener: z.enum(["address", "loopback"]).exactOptional(),
  /** The request may arrive at the model: only its way is refused. */
  arrives: z.boolean().default(false),
  /** What no request at the model may carry. */
  never_upstream: z.string().exactOptional(),
});
const controlSchema = z.strictObject({ ...named, /** Stands in the output of what is allowed. */ passed: pattern });
const fileSchema = z.strictObject({ entries: z.array(z.union([attemptSchema, controlSchema])).min(1) });

export type Attempt = z.infer<typeof attemptSchema>;
export type Control = z.infer<typeof controlSchema>;
export type Entry = Attempt | Control;

/** What a command may name of the host: `{{host_port}}` and so on. */
export type HostPlaces = Readonly<Record<"host_address" | "host_port" | "loopback_port" | "home" | "pid", string>>;

export function readEntries(places: HostPlaces): Entry[] {
  const path = join(attackFolder, "attack.yaml");
  const parsed = fileSchema.safeParse(parseYaml(readFileSync(path, "utf8")));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Fault(
      "script-unreadable",
      `${path}: ${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? "it has another form"}`,
      { hint: "config/demo/README.md has the form" },
    );
  }
  return parsed.data.entries.map((entry) => ({ ...entry, command: fill(entry.command, places) }));
}

/** A person's own command as an entry that is shown and not judged. */
export function ownEntry(command: string): Entry {
  return { group: "your own", name: "your own command", command, refused: /$/, arrives: true };
}

function fill(command: string, places: HostPlaces): string {
  return command.replace(/\{\{(\w+)\}\}/g, (whole, name: string) =>
    Object.hasOwn(places, name) ? places[name as keyof HostPlaces] : whole,
  );
}
