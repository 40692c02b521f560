/** By which link a sandbox reaches the model gateway, and why: what the operator chose, what a runner's probe last found on this engine, or what is to be expected. It probes nothing. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type LinkRecord, linkRecordSchema, type SandboxLinkChoice } from "@aedev/core/wire";
import { advice, type Check } from "./check.ts";

const names: Readonly<Record<LinkRecord["kind"], string>> = {
  socket: "mounted socket folder",
  exec: "exec relay",
};
const help = "system.sandbox_link in config.yaml: auto, socket or exec";

/** `engine`: DOCKER_HOST or "default", as the runner names it; `address`: where that is. */
export function linkCheck(at: { home: string; choice: SandboxLinkChoice; engine: string; address: string }): Check {
  const found = findLink(at);
  return advice({ name: "sandbox link", ok: true, found: `${found}: the sandbox's only way out`, help });
}

function findLink({ home, choice, engine, address }: Parameters<typeof linkCheck>[0]): string {
  if (choice !== "auto") return `${names[choice]} (system.sandbox_link is ${choice})`;
  const record = readRecord(home);
  if (record?.engine === engine) return `${names[record.kind]} (${record.why})`;
  const isNear = process.platform === "linux" && address.startsWith("unix://");
  return `${names[isNear ? "socket" : "exec"]} expected (no run has tried ${address} yet; the first one does)`;
}

function readRecord(home: string): LinkRecord | null {
  const path = join(home, "run", "sandbox-link.json");
  if (!existsSync(path)) return null;
  try {
    return linkRecordSchema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
