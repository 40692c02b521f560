/** Reads a repository's YAML in a thread, because even a file of allowed size can keep the reader busy for seconds and the daemon must go on. */
import { Fault } from "@aedev/contracts";
import { askInThread, NoAnswer } from "@aedev/host/in-thread";
import { z } from "zod";
import { foreignCharactersMax, invalidDocument } from "./yaml-document.ts";

/** Generous: an ordinary file takes a few milliseconds, and the thread a tenth of a second to start. */
const bounds = { timeoutMs: 5_000, memoryMegabytes: 256 };
const answerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("value"), value: z.unknown() }),
  z.strictObject({ kind: z.literal("invalid"), message: z.string() }),
]);

/** The parsed `text`; `name` appears in the Fault `config-invalid`. */
export async function readForeignYaml(text: string, name: string, { timeoutMs } = bounds): Promise<unknown> {
  // A file that is too long is not even copied to the thread.
  if (text.length > foreignCharactersMax)
    throw invalidDocument(name, [{ path: "", message: `is longer than ${foreignCharactersMax} characters` }]);
  const program = new URL("./foreign-yaml-thread.ts", import.meta.url);
  const answer = await askInThread(program, { text, name }, { ...bounds, timeoutMs }).catch((error: unknown) => {
    if (error instanceof NoAnswer)
      throw invalidDocument(name, [{ path: "", message: `can't be read: reading it ${error.message}` }]);
    throw error;
  });
  const read = answerSchema.parse(answer);
  if (read.kind === "invalid") throw new Fault("config-invalid", read.message, { hint: `edit ${name}` });
  return read.value;
}
