/** Reads the engine's output while it builds an image: one JSON document per line. Pure. */
import { Fault } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const lineSchema = z.object({ stream: z.string().optional(), error: z.string().optional() });
const outputCharactersMax = 600;

/** The Fault of a failed build, with the last lines that it printed; null if the build succeeded. */
export function buildFault(image: string, output: string): Fault | null {
  const messages = output.split("\n").flatMap((line) => lineSchema.safeParse(parseJson(line)).data ?? []);
  const error = messages.find((one) => one.error !== undefined)?.error;
  if (error === undefined) return null;
  const whole = messages.map(({ stream }) => stream ?? "").join("");
  // A step begins by printing its command, which is not the cause.
  const printed = whole.slice(Math.max(0, whole.lastIndexOf("---> Running in")));
  // The error repeats the whole command; the lines before it have the reason.
  const why = /returned a non-zero code: \d+/u.exec(error)?.[0] ?? error.slice(0, outputCharactersMax);
  const detail = `${printed.trim().slice(-outputCharactersMax)}\n${why}`.trim();
  return new Fault("HOLD-TOOLCHAIN", `the image ${image} can't be built: ${detail}`, { detail });
}
