/** Checks what a demo needs on this machine, with `aedev doctor`. */
import { z } from "zod";
import type { AedevLines } from "./aedev-lines.ts";

const doctorSchema = z.looseObject({
  checks: z.array(
    z.looseObject({
      name: z.string(),
      ok: z.boolean(),
      found: z.string(),
      help: z.string(),
      needed: z.boolean().default(true),
    }),
  ),
});

/** Everything that a run needs and the machine lacks, with the command that helps. */
export async function missingOf(lines: AedevLines): Promise<{ name: string; found: string; help: string }[]> {
  const { checks } = await lines.document(["doctor"], doctorSchema, [0, 1]);
  return checks.filter(({ ok, needed }) => !ok && needed);
}
