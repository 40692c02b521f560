/** One run of the real coder CLI in a real container, against a scripted model behind the real gateway. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunCoderReport } from "@aedev/core/wire";
import { LLMock } from "@copilotkit/aimock";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportJournal, replayRun } from "../src/index.ts";
import {
  coderWork,
  limits,
  makeHome,
  type PlaneProcess,
  promptsDir,
  runnerImage,
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

  it("gives the sandbox every limit, no network and no credential, and takes the same container up after the plane was killed", async () => {
    model.on({ hasToolResult: false }, bash("sleep 6; id -u > /workspace/repo/who; cat /proc/net/dev | wc -l >> /workspace/repo/who"));
    model.on({ hasToolResult: true }, { content: "done", usage });
    const base = place.commit({ "a.txt": "1\n" });
    const work = coderWork(place, base);
    const first = await plane();
    first.send(work);
    await first.next("Progress", ({ text }) => text.includes("container"));
    await expect.poll(() => model.getRequests().length, { timeout: 30_000 }).toBe(1);
    const [listed] = await containers();
    const seen = await docker.getContainer(listed?.Id ?? "").inspect();
    expect(seen.Config.User).toBe(process.getuid?.() === 0 ? "1000:1000" : `${process.getuid?.()}:${process.getgid?.()}`);
    expect(seen.Config.Labels).toMatchObject({ "aedev.task": work.task_id, "aedev.run": work.run_id });
    expect(seen.HostConfig).toMatchObject({
      NetworkMode: "none",
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      Memory: limits.memory_bytes,
      MemorySwap: limits.memory_bytes,
      PidsLimit: limits.pids,
      NanoCpus: limits.cpu_millis * 1_000_000,
      Init: true,
      Privileged: false,
    });
    expect(seen.HostConfig.Ulimits).toContainEqual({
      Name: "fsize",
      Soft: limits.file_size_bytes,
      Hard: limits.file_size_bytes,
    });
    expect(JSON.stringify(seen)).not.toContain(token);
    expect(seen.Image).toMatch(/^sha256:/);
    expect(seen.Mounts.find((mount) => mount.Destination === "/run/aedev")?.RW).toBe(false);
    first.child.kill("SIGKILL");
    await new Promise((resolve) => first.child.once("exit", resolve));
    const second = await plane({ generation: 2, live_runs: [work.run_id] });
    second.send({ ...work, generation: 2 });
    const { result, generation } = await reportOf(second, work.run_id);
    expect(generation).toBe(2);
    expect(result.outcome).toBe("captured");
    expect(result.usage.requests).toBe(2);
    const after = await containers();
    expect(after.map(({ Id }) => Id)).toEqual([listed?.Id]);
    if (result.outcome !== "captured") throw new Error("held");
    expect(Buffer.from(place.blobs.get(result.patch.digest)).toString()).toContain("+1000");
    const again = await plane({ generation: 3, live_runs: [work.run_id] });
    again.send({ ...work, generation: 3 });
    expect((await reportOf(again, work.run_id)).result).toEqual(result);
    expect(model.getRequests()).toHaveLength(2);
  });

  it("stops a run at its wall clock with 124 and removes the container, keeping the change", async () => {
    model.on({}, bash("echo late > /workspace/repo/late.txt; sleep 60"));
    const work = coderWork(place, place.commit({ "a.txt": "1\n" }), { limits: { ...limits, run_timeout_ms: 4000 } });
    const execution = await plane();
    execution.send(work);
    const { result } = await reportOf(execution, work.run_id);
    expect(result).toMatchObject({ outcome: "held", code: "HOLD-CODER-TIMEOUT", exit_code: 124, retry_free: false });
    expect(await containers()).toHaveLength(0);
    if (result.outcome !== "held" || result.patch === null) throw new Error("no patch kept");
    expect(Buffer.from(place.blobs.get(result.patch.digest)).toString()).toContain("+late");
  });

  it.each([
    ["bytes", "head -c 100000000 /dev/zero > /workspace/fill"],
    ["files", "mkdir /workspace/m; cd /workspace/m; seq 1 3000 | xargs touch"],
  ])("stops a run that writes too many %s", async (what, command) => {
    model.on({}, bash(`${command}; sleep 60`));
    const bounds = { ...limits, run_bytes: 32 * 1024 * 1024, run_files: 2000 };
    const work = coderWork(place, place.commit({ "a.txt": "1\n" }), { limits: bounds });
    const execution = await plane();
    execution.send(work);
    const { result } = await reportOf(execution, work.run_id);
    expect(result).toMatchObject({ outcome: "held", code: "HOLD-BUDGET", detail: what });
    expect(await containers()).toHaveLength(0);
  });

  it("holds for a question, for an empty patch and for a failing model, each with its detail", async () => {
    const base = place.commit({ "a.txt": "1\n" });
    const execution = await plane();
    const ask = coderWork(place, base, { text: "ASKS" });
    const idle = coderWork(place, base, { text: "IDLES" });
    const fail = coderWork(place, base, { text: "FAILS" });
    const question = { question: "Which of the two?\u001b[31m See https://evil.example/x" };
    model.on({ userMessage: /ASKS/, hasToolResult: false }, write("/workspace/question.json", JSON.stringify(question)));
    model.on({ userMessage: /IDLES/ }, { content: "nothing to do", usage });
    model.on({ userMessage: /FAILS/ }, { error: { message: "bad", type: "invalid_request_error" }, status: 400 });
    model.on({ hasToolResult: true }, { content: "done", usage });
    for (const work of [ask, idle, fail]) execution.send(work);
    expect((await reportOf(execution, ask.run_id)).result).toMatchObject({
      code: "HOLD-QUESTION",
      detail: "Which of the two? [31m See [link left out]",
    });
    expect((await reportOf(execution, idle.run_id)).result).toMatchObject({ code: "HOLD-NO-PROGRESS" });
    expect((await reportOf(execution, fail.run_id)).result).toMatchObject({ code: "HOLD-CODER-FAILED", detail: "api_400" });
  });

  it("holds before anything is spent where credential, image, engine or disk is missing", async () => {
    const base = place.commit({ "a.txt": "1\n" });
    const held = async (other: Parameters<typeof plane>[0], fields: Parameters<typeof coderWork>[2] = {}) => {
      const execution = await plane(other);
      const work = coderWork(place, base, fields);
      execution.send(work);
      const { result } = await reportOf(execution, work.run_id);
      expect(result).toMatchObject({ outcome: "held", retry_free: true, usage: { requests: 0 } });
      return result.outcome === "held" ? result.code : result.outcome;
    };
    expect(await held({ secrets: { AEDEV_CLAUDE_OAUTH_TOKEN: "" } })).toBe("HOLD-CLAUDE-AUTH-IN-DOCKER");
    expect(await held({ secrets: { AEDEV_ANTHROPIC_API_KEY: "key" } })).toBe("HOLD-CLAUDE-AUTH-IN-DOCKER");
    expect(await held({ image: "aedev-runner:none" })).toBe("HOLD-CLAUDE-DOCKER-IMAGE");
    expect(await held({ docker_host: "unix:///nonexistent.sock" })).toBe("HOLD-DOCKER-UNAVAILABLE");
    expect(await held({}, { limits: { ...limits, disk_free_bytes: Number.MAX_SAFE_INTEGER } })).toBe("HOLD-DISK-LOW");
    const settings = { ...coderWork(place, base).settings, image: "no.such/image:1" };
    expect(await held({}, { settings })).toBe("HOLD-TOOLCHAIN");
    expect(model.getRequests()).toHaveLength(0);
  });

  it("replays a run without any upstream to the same tree, and to another where a tool call was changed", async () => {
    model.on({ hasToolResult: false }, write("/workspace/repo/new.txt", "first\n"));
    model.on({ hasToolResult: true }, { content: "done", usage });
    const work = coderWork(place, place.commit({ "a.txt": "1\n" }));
    const execution = await plane();
    execution.send(work);
    const { result } = await reportOf(execution, work.run_id);
    if (result.outcome !== "captured") throw new Error(JSON.stringify(result));
    await execution.end();
    await model.stop();
    const common = {
      home: place.home,
      homeId: sha256(place.home).slice(0, 16),
      work,
      image: runnerImage,
      promptsDir,
      dockerHost: process.env.DOCKER_HOST ?? null,
      dockerDeadlineMs: 30_000,
    };
    const before = allBytes(join(place.home, "blobs")).length;
    const same = await replayRun({ ...common, recording: { journalDigest: result.journal.digest } });
    expect(same).toMatchObject({ tree: result.tree, held: null, divergence: null });
    expect(allBytes(join(place.home, "blobs")).length).toBe(before);
    const dir = join(place.home, "export");
    exportJournal(result.journal.digest, dir, place.blobs);
    const file = join(dir, "001-response.sse");
    writeFileSync(file, readFileSync(file, "utf8").replace("first", "fir5t"));
    const other = await replayRun({ ...common, recording: { exportFolder: dir } });
    expect(other.tree).not.toBe(result.tree);
    expect(Buffer.from(other.patch ?? []).toString()).toContain("+fir5t");
    await model.start();
  });
});
