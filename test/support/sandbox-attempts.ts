/** Runs the attempts of config/demo/attack in a test's sandbox, and judges them as `aedev demo --attack` does. */
import { callId } from "../../packages/demo/src/attack/coder-script.ts";
import { type AttackEntry, type HostAddresses, readAttackEntries } from "../../packages/demo/src/attack/entries.ts";
import { type HostSide, judgeEntries } from "../../packages/demo/src/attack/judge.ts";

export { attackFolder } from "../../packages/demo/src/attack/entries.ts";

const separator = "=== attempt ";
/** The names in attack.yaml. */
const hostNames = { address: "the host by its own address", loopback: "a service on the host's loopback" };

/** The entries, each name once. */
export function sandboxEntries(addresses: HostAddresses): AttackEntry[] {
  const entries = readAttackEntries(addresses);
  if (new Set(entries.map(({ name }) => name)).size !== entries.length) throw new Error("two entries have one name");
  return entries;
}

/** The attempt to reach one address and port of the host. */
export function hostEntry(address: string, port: number, others: HostAddresses): AttackEntry {
  const filled = sandboxEntries({ ...others, host_address: address, host_port: `${port}`, loopback_port: `${port}` });
  const wanted = hostNames[address.startsWith("127.") ? "loopback" : "address"];
  const entry = filled.find(({ name }) => name === wanted);
  if (entry === undefined) throw new Error(`attack.yaml has no entry "${wanted}"`);
  return { ...entry, name: `${address}:${port}` };
}

/** A bash script that runs the entries in order. It needs `ask.mjs` of the same folder in /tmp. */
export function attemptsScript(entries: readonly AttackEntry[]): string {
  return entries
    .map(({ command }, index) => `echo '${separator}${callId(index)}'\n( ${command}\n) 2>&1; echo "(exit $?)"\n`)
    .join("");
}

interface Judged {
  readonly refused: readonly string[];
  readonly through: readonly { name: string; output: string }[];
  readonly failedControls: readonly { name: string; output: string }[];
}

/** Judges the script's output. `texts` and `credentials` are those that arrived at the model. */
export function judgeAttempts(
  entries: readonly AttackEntry[],
  output: string,
  seen: { texts: string[]; credentials: string[]; connections: HostSide["connections"]; credential: string },
): Judged {
  const answers = output.split(separator).slice(1);
  const received: HostSide["received"] = {
    requests: seen.credentials.map((credentials) => ({ vendor: "anthropic", path: "", credentials })),
    texts: seen.texts,
    tool_results: Object.fromEntries(answers.map((text) => [text.split("\n", 1)[0], text.replace(/^.*\n/, "")])),
  };
  const { attempts, controls } = judgeEntries(entries, { ...seen, received });
  return {
    refused: attempts.filter(({ refused }) => refused).map(({ name }) => name),
    through: attempts.filter(({ refused }) => !refused).map(({ name, output: said }) => ({ name, output: said })),
    failedControls: controls.filter(({ passed }) => !passed).map(({ name, output: said }) => ({ name, output: said })),
  };
}
