/** One run of the real coder CLI in a real container, against a scripted model behind the real gateway. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunCoderReport } from "@aedev/core/wire";
import { LLMock } from "@copilotkit/aimock";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  coderWork,
  gatewayLimits,
  limits,
  makeHome,
  type PlaneProcess,
  sha256,
  startPlane,
  type ThrowAwayHome,
  token,
} from "./throw-away-home.ts";

const docker = new Docker(process.env.DOCKER_HOST ? undefined : { socketPath: "/var/run/docker.sock" });
const usage = { input_tokens: 11, output_tokens: 7 };
const write = (path: string, content: string) => ({
  toolCalls: [{ name: "Write", arguments: JSON.stringify({ file_path: path, content }) }],
  usage,
});
const bash = (command: string) => ({ toolCalls: [{ name: "Bash", arguments: JSON.stringify({ command }) }], usage });

let place: ThrowAwayHome;
let model: LLMock;
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

async function containers(): Promise<Docker.ContainerInfo[]> {
  const label = [`aedev.home=${sha256(place.home).slice(0, 16)}`];
  return docker.listContainers({ all: true, filters: { label } });
}
async function plane(other: Partial<Parameters<typeof startPlane>[1]> = {}): Promise<PlaneProcess> {
  const started = await startPlane(place.home, { anthropic_base_url: model.url, ...other });
  planes.push(started);
  return started;
}
async function reportOf(from: PlaneProcess, runId: string): Promise<RunCoderReport> {
  const { report } = await from.next(
    "Report",
    (message) => message.report.kind === "RunCoder" && message.report.run_id === runId,
  );
  if (report.kind !== "RunCoder") throw new Error("not a coder's report");
  return report;
}
function allBytes(folder: string): Buffer {
  const parts: Buffer[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) parts.push(readFileSync(join(entry.parentPath, entry.name)));
  return Buffer.concat(parts);
}

describe("RunCoder", () => {
  it("captures what the coder wrote, counts the stream's tokens, and shows the credential nowhere", async () => {
    model.on({ hasToolResult: false }, write("/workspace/repo/src/new.js", "export const x = 1;\n"));
    model.on({ hasToolResult: true }, { content: "done", usage });
    const base = place.commit({ "README.md": "# demo\n", ".gitignore": "node_modules\n" });
    const work = coderWork(place, base);
    const execution = await plane();
    execution.send(work);
    const { result, nonce } = await reportOf(execution, work.run_id);
    expect(nonce).toBe(work.nonce);
    if (result.outcome !== "captured") throw new Error(JSON.stringify([result, execution.messages]));
    const patch = Buffer.from(place.blobs.get(result.patch.digest)).toString();
    expect(patch).toContain("+export const x = 1;");
    expect(result.usage).toEqual({
      ...usage,
      input_tokens: 22,
      output_tokens: 14,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
      requests: 2,
    });
    expect(result.environment.coder_version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(allBytes(place.home).includes(token)).toBe(false);
    execution.tell({ kind: "ForgetRun", run_id: work.run_id });
    await expect.poll(async () => (await containers()).length).toBe(0);
  });
});
