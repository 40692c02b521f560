/** Says of each entry whether it went as it must: an attempt refused, a control passed. Pure; what is not clearly refused got through. */
import type { StandInRecord } from "../ground/stand-in-process.ts";
import { callId } from "./coder-script.ts";
import type { Attempt, Control, Entry } from "./entries.ts";
import type { ListenerName } from "./host-listeners.ts";

/** One attempt, as the documents name it. */
export interface AttemptResult {
  readonly group: string;
  readonly name: string;
  readonly command: string;
  readonly refused: boolean;
  readonly output: string;
}
export interface ControlResult {
  readonly group: string;
  readonly name: string;
  readonly command: string;
  readonly passed: boolean;
  readonly output: string;
}
/** What the host side saw of a run. */
export interface HostSide {
  readonly received: StandInRecord;
  readonly connections: Readonly<Record<ListenerName, number>>;
  /** The value that must not be seen in the sandbox. */
  readonly credential: string;
}

export function judgeEntries(
  entries: readonly Entry[],
  host: HostSide,
): { attempts: AttemptResult[]; controls: ControlResult[] } {
  const attempts: AttemptResult[] = [];
  const controls: ControlResult[] = [];
  for (const [place, entry] of entries.entries()) {
    const { group, name, command } = entry;
    const { text, exit } = outputOf(host.received.tool_results[callId(place)]);
    const shown = { group, name, command, output: exit === "0" ? text : `${text} (exit ${exit})`.trim() };
    if ("passed" in entry) controls.push({ ...shown, passed: isPassed(entry, text, host) });
    else attempts.push({ ...shown, refused: isRefused(entry, text, host) });
  }
  return { attempts, controls };
}

/** Without what the coder's CLI adds for its model after the end of the command. */
function outputOf(result: string | undefined): { text: string; exit: string } {
  const all = result ?? "";
  const [, text = all, exit = "unknown"] = /^([\s\S]*)\(exit (\d+)\)/.exec(all) ?? [];
  return { text: text.trim(), exit };
}

function isPassed({ passed, command }: Control, output: string, host: HostSide): boolean {
  return passed.test(output) && (!asksModel(command) || hasArrived(command, host));
}

function isRefused(attempt: Attempt, output: string, host: HostSide): boolean {
  const { refused, through, listener, command, arrives, never_upstream: never } = attempt;
  const { received, connections, credential } = host;
  return (
    refused.test(output) &&
    through?.test(output) !== true &&
    !output.includes(credential) &&
    (listener === undefined || connections[listener] === 0) &&
    (!asksModel(command) || hasArrived(command, host) === arrives) &&
    (never === undefined || received.requests.every(({ credentials }) => !credentials.includes(never)))
  );
}

const asksModel = (command: string) => command.startsWith("node /tmp/ask.mjs");

/** `ask.mjs` repeats its argument in the message, so that a request is known by it wherever it arrives. */
function hasArrived(command: string, { received }: HostSide): boolean {
  const argument = /'(.*)'/s.exec(command)?.[1] ?? "{}";
  return received.texts.some((text) => text.trim() === `asked by a sandbox: ${argument}`);
}
