/** Runs of the real coder CLI in a real container, against a scripted model behind the real gateway: each way to end, with its report. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportJournal, replayRun } from "../src/index.ts";
import { allBytes, bash, containers, model, place, plane, reportOf, usage, write } from "./coder-stand.ts";
import { coderWork, gatewayLimits, limits, promptsDir, runnerImage, sha256, token } from "./throw-away-home.ts";

describe("RunCoder", () => {
  it("captures the coder's changes, counts the stream's tokens, and shows the credential nowhere", async () => {
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
    const counted = { ...usage, input_tokens: 22, output_tokens: 14, cache_read_tokens: 0, cache_write_tokens: 0 };
    expect(result.usage).toMatchObject({ ...counted, requests: 2, models: [{ ...counted, requests: 2 }] });
    expect(result.environment.coder_version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(allBytes(place.home).includes(token)).toBe(false);
    execution.tell({ kind: "ForgetRun", run_id: work.run_id });
    await expect.poll(async () => (await containers()).length).toBe(0);
  });

  it("stops a run at its wall clock with 124 and removes the container, keeping the change", async () => {
    model.on({}, bash("echo late > /workspace/repo/late.txt; sleep 60"));
    const work = coderWork(place, place.commit({ "a.txt": "1\n" }), { limits: { ...limits, run_timeout_ms: 10_000 } });
    const execution = await plane();
    execution.send(work);
    const { result } = await reportOf(execution, work.run_id);
    expect(result).toMatchObject({ outcome: "held", code: "HOLD-CODER-TIMEOUT", exit_code: 124, retry_free: false });
    expect(await containers()).toHaveLength(0);
    if (result.outcome !== "held" || result.patch === null) throw new Error("no patch kept");
    expect(Buffer.from(place.blobs.get(result.patch.digest)).toString()).toContain("+late");
  });

  it("stops a run that makes the same call again and again, keeping the change", async () => {
    model.on({ hasToolResult: false }, write("/workspace/repo/half.txt", "half\n"));
    model.on({ hasToolResult: true }, bash("true"));
    const gateway = { ...gatewayLimits, repeated_calls: 3 };
    const work = coderWork(place, place.commit({ "a.txt": "1\n" }), { gateway });
    const execution = await plane();
    execution.send(work);
    const { result } = await reportOf(execution, work.run_id);
    const stuck = { kind: "repeated-call", call: "runs true", times: 3 };
    expect(result).toMatchObject({ outcome: "held", code: "HOLD-NO-PROGRESS", stuck });
    expect(Buffer.from(place.blobs.get(result.patch?.digest ?? "")).toString()).toContain("+half");
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

  it("holds for a question, an empty patch, a failing model and a usage limit, each with its detail", async () => {
    const base = place.commit({ "a.txt": "1\n" });
    const execution = await plane();
    const ask = coderWork(place, base, { text: "ASKS" });
    const idle = coderWork(place, base, { text: "IDLES" });
    const fail = coderWork(place, base, { text: "FAILS" });
    const limited = coderWork(place, base, { text: "LIMITED" });
    const question = { question: "Which of the two?\u001b[31m See https://evil.example/x" };
    model.on(
      { userMessage: /ASKS/, hasToolResult: false },
      write("/workspace/question.json", JSON.stringify(question)),
    );
    model.on({ userMessage: /IDLES/ }, { content: "nothing to do", usage });
    model.on({ userMessage: /FAILS/ }, { error: { message: "bad", type: "invalid_request_error" }, status: 400 });
    const tooMuch = { error: { message: "limit", type: "rate_limit_error" }, status: 429, retryAfter: 600 };
    model.on({ userMessage: /LIMITED/ }, tooMuch);
    model.on({ hasToolResult: true }, { content: "done", usage });
    for (const work of [ask, idle, fail, limited]) execution.send(work);
    expect((await reportOf(execution, ask.run_id)).result).toMatchObject({
      code: "HOLD-QUESTION",
      detail: "Which of the two? [31m See [link left out]",
    });
    expect((await reportOf(execution, idle.run_id)).result).toMatchObject({ code: "HOLD-NO-PROGRESS" });
    expect((await reportOf(execution, fail.run_id)).result).toMatchObject({
      code: "HOLD-CODER-FAILED",
      detail: "api_400",
    });
    const { result } = await reportOf(execution, limited.run_id);
    expect(result).toMatchObject({ code: "HOLD-USAGE-LIMIT", usage: { requests: 1 } });
    const resumesAtMs = Date.parse(result.outcome === "held" ? (result.resumes_at ?? "") : "");
    expect(Math.abs(resumesAtMs - Date.now() - 600_000)).toBeLessThan(60_000);
  });

  it("holds before any cost if credential, image, engine or disk is missing", async () => {
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

  it("replays a run without any upstream to the same tree, and to another tree if a tool call was changed", async () => {
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
      settings: {
        home_id: sha256(place.home).slice(0, 16),
        image: runnerImage,
        prompts_dir: promptsDir,
        docker_host: process.env.DOCKER_HOST ?? null,
        docker_deadline_ms: 30_000,
        registries: [],
        sandbox_link: "socket" as const,
        prepared_bytes_max: null,
      },
      work,
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
