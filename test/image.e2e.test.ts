// The image contract, tested on the real image with the flags of a run: exit codes, the answer files, signals.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { productVersion } from "@aedev/host/product";
import { LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const version = productVersion();
const image = `aedev-runner:${version}`;
const user = String(process.getuid?.() || 1000);
const model = new LLMock({ port: 0 });
let place: string;
let gateway: Server;
let silent = false;
let asked: (() => void) | undefined;

beforeAll(async () => {
  const usage = { input_tokens: 11, output_tokens: 7 };
  const file = { file_path: "/workspace/repo/hello.txt", content: "hello\n" };
  model.addFixture({
    match: { userMessage: "write the file", hasToolResult: false },
    response: { toolCalls: [{ name: "Write", arguments: JSON.stringify(file) }], usage },
  });
  model.addFixture({
    match: { userMessage: "write the file", hasToolResult: true },
    response: { content: "Wrote hello.txt.\nThat is all.", usage },
  });
  model.addFixture({
    match: { userMessage: "fail" },
    response: { error: { message: "no", type: "invalid_request_error" }, status: 400 },
  });
  await model.start();
});

afterAll(() => model.stop());

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), "aedev-image-"));
  for (const folder of ["workspace/repo", "prompts", "socket"]) mkdirSync(join(place, folder), { recursive: true });
  for (const folder of ["workspace", "workspace/repo", "socket"]) chmodSync(join(place, folder), 0o777);
  chmodSync(place, 0o755);
  writeFileSync(join(place, "prompts/coder.md"), "You write code.\n");
  silent = false;
  const { hostname, port } = new URL(model.url);
  gateway = createServer((incoming, answer) => {
    asked?.();
    if (silent) return;
    const { method, url, headers } = incoming;
    const onward = request({ hostname, port, method, path: url, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(answer);
    });
    incoming.pipe(onward);
  });
  const socket = join(place, "socket/gateway.sock");
  await new Promise<void>((resolve) => gateway.listen(socket, resolve));
  chmodSync(socket, 0o777);
});

afterEach(() => {
  gateway.close();
  gateway.closeAllConnections();
  rmSync(place, { recursive: true, force: true });
});

function flags(role: string): string[] {
  const sealed = ["--network", "none", "--read-only", "--tmpfs", "/tmp", "--tmpfs", "/home/dev", "--cap-drop", "ALL"];
  const limits = [
    "--security-opt",
    "no-new-privileges",
    "--memory",
    "1g",
    "--pids-limit",
    "256",
    "-u",
    `${user}:${user}`,
  ];
  const mounts = ["workspace:/workspace", "prompts:/system_prompts:ro", "socket:/run/aedev"];
  return [...sealed, ...limits, ...mounts.flatMap((mount) => ["-v", join(place, mount)]), "-e", `CLAUDE_ROLE=${role}`];
}

/** A complete run that does not block, because the gateway lives in this process. */
async function runCoder(prompt: string | undefined, role = "coder") {
  if (prompt !== undefined) writeFileSync(join(place, "workspace/prompt.txt"), prompt);
  const child: ChildProcess = spawn("docker", ["run", "--rm", ...flags(role), image], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const exitCode = await new Promise((resolve) => child.on("close", resolve));
  return { exitCode, stderr };
}

const answerFile = (name: string) => JSON.parse(readFileSync(join(place, "workspace", name), "utf8"));

describe("the runner image", () => {
  it("runs the real coder CLI over the socket alone and leaves its answer", async () => {
    expect(await runCoder("write the file\n")).toEqual({ exitCode: 0, stderr: "" });
    expect(readFileSync(join(place, "workspace/repo/hello.txt"), "utf8")).toBe("hello\n");
    expect(answerFile("cli-envelope.json")).toMatchObject({ type: "result", is_error: false });
    expect(answerFile("result.json")).toEqual({
      raw_text: "Wrote hello.txt.\nThat is all.",
      usage: { input_tokens: 22, output_tokens: 14 },
      summary: "Wrote hello.txt.",
      is_error: false,
    });
  });

  it("exits 2 without a prompt", async () => {
    expect(await runCoder(undefined)).toMatchObject({ exitCode: 2 });
    expect(existsSync(join(place, "workspace/result.json"))).toBe(false);
  });

  it.each(["reviewer", "", "../etc/passwd", "coder/../coder"])("exits 3 for the role '%s'", async (role) => {
    expect(await runCoder("write the file\n", role)).toMatchObject({ exitCode: 3 });
  });

  it("replaces whatever is at the path of its answer", async () => {
    symlinkSync("/workspace/repo/target", join(place, "workspace/result.json"));
    mkdirSync(join(place, "workspace/cli-envelope.json"));
    chmodSync(join(place, "workspace/cli-envelope.json"), 0o777);
    expect(await runCoder("write the file\n")).toMatchObject({ exitCode: 0 });
    expect(lstatSync(join(place, "workspace/result.json")).isFile()).toBe(true);
    expect(existsSync(join(place, "workspace/repo/target"))).toBe(false);
    expect(answerFile("cli-envelope.json").result).toContain("Wrote hello.txt.");
  });

  it("exits as the CLI does when the model refuses", async () => {
    expect(await runCoder("fail\n")).toMatchObject({ exitCode: 1 });
    expect(answerFile("result.json")).toMatchObject({ is_error: true });
  });

  it("ends on SIGTERM while the model is silent", async () => {
    silent = true;
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    writeFileSync(join(place, "workspace/prompt.txt"), "write the file\n");
    const docker = (...args: string[]) => spawnSync("docker", args, { encoding: "utf8" }).stdout.trim();
    const container = docker("run", "-d", ...flags("coder"), image);
    try {
      await waiting;
      docker("stop", "-t", "60", container);
      expect(docker("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", container)).toBe("exited 143");
    } finally {
      docker("rm", "-f", container);
    }
  });
});
