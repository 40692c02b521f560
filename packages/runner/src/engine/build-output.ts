/** Reads what the engine says while it builds an image: one JSON document per line. Pure. */
import { Fault } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const lineSchema = z.object({ stream: z.string().optional(), error: z.string().optional() });
const outputCharactersMax = 600;

/** The failure of a build, with the last lines that it printed; null if it did not fail. */
export function buildFault(image: string, output: string): Fault | null {
  const said = output.split("\n").flatMap((line) => lineSchema.safeParse(parseJson(line)).data ?? []);
  const error = said.find((one) => one.error !== undefined)?.error;
  if (error === undefined) return null;
  const whole = said.map(({ stream }) => stream ?? "").join("");
  // A step begins with its own command, which is not what went wrong.
  const printed = whole.slice(Math.max(0, whole.lastIndexOf("---> Running in")));
  // The error repeats the whole command; the reason is in the lines before it.
  const why = /returned a non-zero code: \d+/u.exec(error)?.[0] ?? error.slice(0, outputCharactersMax);
  const detail = `${printed.trim().slice(-outputCharactersMax)}\n${why}`.trim();
  return new Fault("HOLD-TOOLCHAIN", `the image ${image} can't be built: ${detail}`, { detail });
}
