/** Fixture for tests of RunCoder: a throw-away home, a scripted model at the HTTP boundary, real planes and the engine. Cleans up after each test. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunCoderReport } from "@aedev/contracts";
import { LLMock } from "@copilotkit/aimock";
import Docker from "dockerode";
import { afterEach, beforeEach } from "vitest";
import { makeHome, type PlaneProcess, sha256, startPlane, type ThrowAwayHome } from "./throw-away-home.ts";

export const docker = new Docker(process.env.DOCKER_HOST ? undefined : { socketPath: "/var/run/docker.sock" });
export const usage = { input_tokens: 11, output_tokens: 7 };
export const write = (path: string, content: string) => ({
  toolCalls: [{ name: "Write", arguments: JSON.stringify({ file_path: path, content }) }],
  usage,
});
export const bash = (command: string) => ({
  toolCalls: [{ name: "Bash", arguments: JSON.stringify({ command }) }],
  usage,
});

export let place: ThrowAwayHome;
export let model: LLMock;
let planes: PlaneProcess[];

beforeEach(async () => {
  place = makeHome();
  model = new LLMock({ port: 0 });
  await model.start();
  planes = [];
});
afterEach(async () => {
  for (const plane of planes) await plane.end();
  for (const { Id } of await containers()) await docker.getContainer(Id).remove({ force: true });
  await model.stop();
  place.remove();
});

export async function containers(): Promise<Docker.ContainerInfo[]> {
  const label = [`aedev.home=${sha256(place.home).slice(0, 16)}`];
  return docker.listContainers({ all: true, filters: { label } });
}
export async function plane(other: Partial<Parameters<typeof startPlane>[1]> = {}): Promise<PlaneProcess> {
  const started = await startPlane(place.home, { anthropic_base_url: model.url, ...other });
  planes.push(started);
  return started;
}
export async function reportOf(from: PlaneProcess, runId: string): Promise<RunCoderReport> {
  const { report } = await from.next(
    "Report",
    (message) => message.report.kind === "RunCoder" && message.report.run_id === runId,
  );
  if (report.kind !== "RunCoder") throw new Error("not a coder's report");
  return report;
}
export function allBytes(folder: string): Buffer {
  const parts: Buffer[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) parts.push(readFileSync(join(entry.parentPath, entry.name)));
  return Buffer.concat(parts);
}
