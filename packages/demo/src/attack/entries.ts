/** Reads `attack.yaml`, the list of an attacking coder's attempts: parsed strictly, with placeholders filled. config/demo/README.md documents it. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseYamlText } from "@aedev/cli/intake/yaml-text";
import { readScript } from "@aedev/fakes/read-script";
import { z } from "zod";

export const attackFolder = fileURLToPath(new URL("../../../../config/demo/attack", import.meta.url));

/** `^` and `$` match at each line. */
const pattern = z
  .string()
  .min(1)
  .transform((text) => new RegExp(text, "m"));
const named = { group: z.string().min(1), name: z.string().min(1), command: z.string().min(1) };
const attemptSchema = z.strictObject({
  ...named,
  /** Matches the output if the attempt was refused. */
  refused: pattern,
  /** Matches the output if the attempt got through. */
  through: pattern.exactOptional(),
  /** The listener on the host that must get no connection. */
  listener: z.enum(["address", "loopback"]).exactOptional(),
  /** True: the request may reach the model, if it lacks the text of `never_upstream`. */
  arrives: z.boolean().default(false),
  /** Text that no request may contain when it reaches the model. */
  never_upstream: z.string().exactOptional(),
});
const controlSchema = z.strictObject({
  ...named,
  /** Matches the output if the control was allowed. */ passed: pattern,
});
const fileSchema = z.strictObject({ entries: z.array(z.union([attemptSchema, controlSchema])).min(1) });

export type Attempt = z.infer<typeof attemptSchema>;
export type ControlEntry = z.infer<typeof controlSchema>;
export type AttackEntry = Attempt | ControlEntry;

/** Values for the placeholders of a command: `{{host_port}}` and so on. */
export type HostAddresses = Readonly<Record<"host_address" | "host_port" | "loopback_port" | "home" | "pid", string>>;

export function readAttackEntries(addresses: HostAddresses): AttackEntry[] {
  const { entries } = readScript(join(attackFolder, "attack.yaml"), fileSchema, parseYamlText);
  return entries.map((entry) => ({ ...entry, command: fill(entry.command, addresses) }));
}

/** The entry of a person's own command, whose output is shown without a verdict. */
export function ownEntry(command: string): AttackEntry {
  return { group: "your own", name: "your own command", command, refused: /$/, arrives: true };
}

function fill(command: string, addresses: HostAddresses): string {
  return command.replace(/\{\{(\w+)\}\}/g, (whole, name: string) =>
    Object.hasOwn(addresses, name) ? addresses[name as keyof HostAddresses] : whole,
  );
}
