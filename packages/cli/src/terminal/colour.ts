/** Colours titles, labels, commands, hold codes and statuses in a text that is already escaped and folded. It decides by the form of a line, so no verb knows about colours. */
import { holdCodes, statusTexts } from "@aedev/contracts";
import type { Terminal } from "./session.ts";

/** Whether to colour: NO_COLOR forbids it, FORCE_COLOR demands it, otherwise a terminal decides (https://no-color.org, https://force-color.org). */
export function wantsColour(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if ((environment["NO_COLOR"] ?? "") !== "") return false;
  const forced = environment["FORCE_COLOR"] ?? "";
  if (forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal && environment["TERM"] !== "dumb";
}

const codes = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
const paint = (colour: keyof typeof codes, text: string) => `\u001b[${codes[colour]}m${text}\u001b[0m`;

/** A line that is a title: `held:`, or the capitals over a table. */
const title = /^(?:[A-Za-z][^:]{0,60}:|[A-Z][A-Z -]*(?: {2,}[A-Z][A-Z %-]*)+)$/;
/** A line that is a command. */
const command = /^( {2,})((?:aedev|git|docker|export|rm|\.\/scripts\/\w+)(?: .+)?)$/;
/** `label:` before its value. */
const label = /^([a-z]+(?: [a-z]+){0,2}:)( +\S)/;
const tones: Readonly<Partial<Record<string, keyof typeof codes>>> = {
  [statusTexts.clarifying]: "yellow",
  [statusTexts.awaiting_approval]: "yellow",
  [statusTexts.asked]: "yellow",
  [statusTexts.held]: "red",
  [statusTexts.failed]: "red",
  [statusTexts.landed]: "green",
  [statusTexts.running]: "cyan",
  [statusTexts.judging]: "cyan",
};
const words = [...Object.keys(tones), ...holdCodes].toSorted((one, other) => other.length - one.length);
/** A status or a hold code that is a whole cell: between two spaces, colons or the ends of the line. */
const cell = new RegExp(`(^|: +| {2})(${words.join("|")})(?= {2}|[:(]| \\(|$)`, "g");

/** The terminal with colours on each of its streams that shows them. Data and a text that draws for itself stay as they are. */
export function colouringTerminal(
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const on = (stream: "output" | "error") => wantsColour(environment, terminal.sizeOf?.(stream) !== undefined);
  const [output, error] = [on("output"), on("error")];
  if (!output && !error) return terminal;
  return {
    ...terminal,
    get interactive() {
      return terminal.interactive;
    },
    write: (text) => terminal.write(output ? coloured(text) : text),
    writeData: (text) => (terminal.writeData ?? terminal.write)(text),
    complain: (text) => terminal.complain(error ? coloured(text) : text),
  };
}

function coloured(text: string): string {
  return text.includes("\u001b") ? text : text.split("\n").map(colouredLine).join("\n");
}

function colouredLine(line: string): string {
  const found = command.exec(line);
  if (found !== null) return `${found[1]}${paint("cyan", found[2] ?? "")}`;
  if (title.test(line)) return paint("bold", line);
  if (line.startsWith("aedev: ")) return `${paint("red", "aedev:")}${line.slice("aedev:".length)}`;
  return line
    .replace(cell, (_, before: string, word: string) => `${before}${paint(tones[word] ?? "red", word)}`)
    .replace(label, (_, name: string, rest: string) => `${paint("bold", name)}${rest}`);
}
