/** Decides whether each attempt was refused and each control passed. Pure. An attempt that was not clearly refused counts as got through. */
import type { FakeVendorRecord } from "../setup/fake-vendor-process.ts";
import { callId } from "./coder-script.ts";
import type { AttackEntry, Attempt, ControlEntry } from "./entries.ts";
import type { ListenerName } from "./host-listeners.ts";

/** An executed command and its output, as `--json` prints them. */
interface Tried {
  readonly group: string;
  readonly name: string;
  readonly command: string;
  readonly output: string;
}
/** `arrives`: it was answered like a harmless request, without any effect. */
export type AttemptResult = Tried & { readonly refused: boolean; readonly arrives?: true };
export type ControlResult = Tried & { readonly passed: boolean };
export interface AttackResults {
  readonly attempts: AttemptResult[];
  readonly controls: ControlResult[];
}
/** What the host observed during a run. */
export interface HostSide {
  readonly received: FakeVendorRecord;
  readonly connections: Readonly<Record<ListenerName, number>>;
  readonly credential: string;
}

export function judgeEntries(entries: readonly AttackEntry[], host: HostSide): AttackResults {
  const attempts: AttemptResult[] = [];
  const controls: ControlResult[] = [];
  for (const [index, entry] of entries.entries()) {
    const { group, name, command } = entry;
    const { text, exit } = outputOf(host.received.tool_results[callId(index)]);
    const result = { group, name, command, output: exit === "0" ? text : `${text} (exit ${exit})`.trim() };
    if ("passed" in entry) controls.push({ ...result, passed: isPassed(entry, text, host) });
    else
      attempts.push({
        ...result,
        refused: isRefused(entry, text, host),
        ...(entry.arrives ? { arrives: true as const } : {}),
      });
  }
  return { attempts, controls };
}

/** Removes the text that the coder's CLI adds for its model after the command's output. */
function outputOf(result: string | undefined): { text: string; exit: string } {
  const all = result ?? "";
  const [, text = all, exit = "unknown"] = /^([\s\S]*)\(exit (\d+)\)/.exec(all) ?? [];
  return { text: text.trim(), exit };
}

function isPassed({ passed, command }: ControlEntry, output: string, host: HostSide): boolean {
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

/** `ask.mjs` puts its argument into the message, which identifies the request when it arrives. */
function hasArrived(command: string, { received }: HostSide): boolean {
  const argument = /'(.*)'/s.exec(command)?.[1] ?? "{}";
  return received.texts.some((text) => text.trim() === `asked by a sandbox: ${argument}`);
}
