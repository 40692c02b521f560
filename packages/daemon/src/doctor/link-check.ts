/** Tells which link a sandbox takes to the model gateway, and why: the operator's choice, a runner's last probe of this engine, or a guess. */
import { type LinkRecord, linkRecordSchema, type SandboxLinkChoice } from "@aedev/contracts";
import { readIfThere } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { advice, type Check } from "./check.ts";

const names: Readonly<Record<LinkRecord["kind"], string>> = {
  socket: "mounted socket folder",
  exec: "exec relay",
};
const help = "system.sandbox_link in config.yaml: auto, socket or exec";

/** `engine`: DOCKER_HOST or "default", as the runner names it. `address`: its address. */
export function linkCheck(options: {
  home: string;
  choice: SandboxLinkChoice;
  engine: string;
  address: string;
}): Check {
  const found = findLink(options);
  return advice({ name: "sandbox link", ok: true, found: `${found}: the sandbox's only way out`, help });
}

function findLink({ home, choice, engine, address }: Parameters<typeof linkCheck>[0]): string {
  if (choice !== "auto") return `${names[choice]} (system.sandbox_link is ${choice})`;
  const record = readRecord(home);
  if (record?.engine === engine) return `${names[record.kind]} (${record.why})`;
  const isNear = process.platform === "linux" && address.startsWith("unix://");
  return `${names[isNear ? "socket" : "exec"]} expected (the first run on ${address} will probe it)`;
}

function readRecord(home: string): LinkRecord | null {
  const text = readIfThere(homeLayout(home).sandboxLink);
  return text === null ? null : (linkRecordSchema.safeParse(parseJson(text)).data ?? null);
}
