/** The plane as a process: damaged files lead to a report and never end the plane. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { noUsage } from "@aedev/contracts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { mountFolder } from "../src/engine/mount-folder.ts";
import {
  coderWork,
  forkPlane,
  gatewayLimits,
  makeHome,
  newId,
  type PlaneProcess,
  startPlane,
  type ThrowAwayHome,
} from "./throw-away-home.ts";

let place: ThrowAwayHome;
let plane: PlaneProcess | undefined;
beforeEach(() => {
  place = makeHome();
});
afterEach(async () => {
  await plane?.end();
  place.remove();
});

it("the plane holds a run with an unreadable checkpoint, counts it as not free, and takes the next", async () => {
  const base = place.commit({ "a.txt": "a\n" });
  const damaged = newId("r");
  const folder = join(place.home, "worktrees", damaged);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "stage.json"), '{"schema":1,"stage":"runn');
  plane = await startPlane(place.home, {
    anthropic_base_url: "http://127.0.0.1:9",
    docker_host: `unix://${place.home}/no-engine.sock`,
    live_runs: [damaged as never],
  });
  const resultOf = async (runId: string) => {
    plane?.send(coderWork(place, base, { run_id: runId }));
    const ended = new Promise<never>((_resolve, reject) => {
      plane?.child.once("exit", (code) => reject(new Error(`the plane ended with ${code}`)));
    });
    const fits = (message: { report: { work_id: string; run_id?: string } }) => message.report.run_id === runId;
    const found = await Promise.race([plane?.next("Report", fits as never), ended]);
    return found?.report.kind === "RunCoder" ? found.report.result : null;
  };
  expect(await resultOf(damaged)).toMatchObject({ outcome: "held", code: "HOLD-CODER-FAILED", retry_free: false });
  // Without an engine nothing ran, so the same run may be started again.
  expect(await resultOf(newId("r"))).toMatchObject({
    outcome: "held",
    code: "HOLD-DOCKER-UNAVAILABLE",
    retry_free: true,
  });
});

it("the plane reports a run's usage, whatever failed around it", async () => {
  const base = place.commit({ "a.txt": "a\n" });
  const runs = { silent: newId("r"), spent: newId("r"), torn: newId("r") };
  const digest = "0".repeat(64);
  const model = "claude-sonnet-4-5";
  const opened = { event: "opened", path: "/v1/messages", model, request: digest, reserved_tokens: 500 };
  const usage = { input_tokens: 30, output_tokens: 12, cache_read_tokens: 0, cache_write_tokens: 0 };
  const ended = { event: "closed", status: 200, headers: {}, response: digest, complete: true, usage };
  const lines = [
    { ...opened, number: 1 },
    { ...ended, number: 1, usage_is_final: true },
    { ...opened, number: 2 },
  ];
  for (const runId of Object.values(runs)) {
    const folder = join(place.home, "worktrees", runId);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "stage.json"), '{"schema":1,"stage":"runn');
    if (runId === runs.spent)
      writeFileSync(join(folder, "journal.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    if (runId === runs.torn) writeFileSync(join(folder, "journal.jsonl"), "no line of ours\n");
  }
  plane = await startPlane(place.home, {
    anthropic_base_url: "http://127.0.0.1:9",
    docker_host: `unix://${place.home}/no-engine.sock`,
    live_runs: Object.values(runs) as never[],
  });
  const usageOf = async (runId: string) => {
    plane?.send(coderWork(place, base, { run_id: runId }));
    const fits = (message: { report: { work_id: string; run_id?: string } }) => message.report.run_id === runId;
    const found = await plane?.next("Report", fits as never);
    return found?.report.kind === "RunCoder" ? found.report.result.usage : null;
  };
  expect(await usageOf(runs.silent)).toEqual(noUsage);
  // One complete answer, and the reservation of one that never came.
  const { cache_read_tokens, cache_write_tokens } = usage;
  const counted = { cache_read_tokens, cache_write_tokens, input_tokens: 30, output_tokens: 12, requests: 2 };
  expect(await usageOf(runs.spent)).toEqual({
    ...{ ...counted, surcharge_tokens: 500 },
    models: [
      { ...counted, model, billing: "api", cache_write_hour_tokens: 0, unfinished_requests: 1, unfinished_tokens: 500 },
    ],
  });
  expect(await usageOf(runs.torn)).toEqual({ ...noUsage, surcharge_tokens: gatewayLimits.run_tokens });
});

it("the plane exits with its channel after a stopped run has ended, or immediately if there was none", async () => {
  const removed: string[] = [];
  const engine = createServer((request, response) => {
    const answer = (body: string) => response.writeHead(200, { "content-type": "application/json" }).end(body);
    if (request.method !== "DELETE") {
      if (request.url?.includes("/c1/json") === true) return void answer(JSON.stringify(container));
      return void answer(request.url?.includes(stopped) === true ? JSON.stringify([{ Id: "c1" }]) : "[]");
    }
    // A slow engine: a plane that ended with its channel would leave the container.
    setTimeout(() => {
      removed.push(request.url ?? "");
      response.writeHead(204).end();
    }, 700);
  });
  const socket = join(place.home, "slow.sock");
  await new Promise<void>((resolve) => engine.listen(socket, resolve));
  const endOf = async (stops: boolean) => {
    plane = await startPlane(place.home, { anthropic_base_url: "http://127.0.0.1:9", docker_host: `unix://${socket}` });
    const ended = once(plane.child, "exit");
    if (stops) plane.tell({ kind: "StopRun", run_id: stopped });
    plane.child.disconnect();
    return (await ended)[0] as number | null;
  };
  expect([await endOf(false), removed]).toEqual([0, []]);
  expect(await endOf(true)).toBe(0);
  expect(removed).toHaveLength(1);
  engine.close();
});

it("the plane ends with its channel only after stopped checks have ended", async () => {
  const base = place.commit({ "a.txt": "a\n" });
  const asked = Promise.withResolvers<void>();
  let answered = false;
  const engine = createServer((request, response) => {
    const isList = request.url?.includes("/containers/json") === true;
    if (isList) return void response.writeHead(200, { "content-type": "application/json" }).end("[]");
    asked.resolve();
    setTimeout(() => {
      answered = true;
      response.writeHead(404, { "content-type": "application/json" }).end('{"message":"no such thing"}');
    }, 700);
  });
  const socket = join(place.home, "slow.sock");
  await new Promise<void>((resolve) => engine.listen(socket, resolve));
  plane = await startPlane(place.home, { anthropic_base_url: "http://127.0.0.1:9", docker_host: `unix://${socket}` });
  const ended = once(plane.child, "exit");
  const { work_id, nonce, generation, repository, base_commit, settings, limits } = coderWork(place, base, {
    run_id: stopped,
  });
  const identity = { work_id, nonce, generation, run_id: stopped as never, repository };
  plane.send({ kind: "TryRepository", ...identity, base_commit, settings, limits });
  await asked.promise;
  expect(answered).toBe(false);
  plane.tell({ kind: "StopRun", run_id: stopped });
  plane.child.disconnect();
  expect([(await ended)[0], answered]).toEqual([0, true]);
  engine.close();
});

it("the plane clears up at its start, but not once its daemon is gone, because the files may be its successor's", async () => {
  const clearUp = async (daemonDies: boolean) => {
    const asked = Promise.withResolvers<(list: string) => void>();
    let lists = 0;
    const engine = createServer((request, response) => {
      const answer = (body: string) => response.writeHead(200, { "content-type": "application/json" }).end(body);
      if (request.url?.includes("/containers/json") !== true) return void answer("{}");
      lists += 1;
      if (lists > 1) answer("[]");
      else asked.resolve(answer);
    });
    const socket = join(place.home, `held-${daemonDies}.sock`);
    await new Promise<void>((resolve) => engine.listen(socket, resolve));
    plane = forkPlane(place.home, { anthropic_base_url: "http://127.0.0.1:9", docker_host: `unix://${socket}` });
    const ended = once(plane.child, "exit");
    const answer = await asked.promise;
    const folders = [
      join(place.home, "worktrees", newId("r")),
      join(mountFolder(place.home), randomBytes(12).toString("hex")),
    ];
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    if (daemonDies) {
      plane.child.disconnect();
      await Promise.race([ended, delay(2000)]);
    }
    answer("[]");
    if (!daemonDies) {
      await plane.next("Ready");
      plane.child.disconnect();
    }
    await ended;
    engine.close();
    return folders.map((folder) => existsSync(folder));
  };
  expect(await clearUp(true)).toEqual([true, true]);
  expect(await clearUp(false)).toEqual([false, false]);
});

const stopped = "r-stopped0000000000";
const container = {
  Id: "c1",
  Created: "2026-01-02T03:04:05Z",
  Config: { Labels: { "aedev.run": stopped, "aedev.kind": "coder" } },
  State: { Status: "running", Running: true, ExitCode: 0, OOMKilled: false, StartedAt: "2026-01-02T03:04:05Z" },
};

it("files for containers are readable for their user, whatever the daemon's umask", async () => {
  const umaskOf = (pid: number | "self") => /^Umask:\s*(\d+)$/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  const before = process.umask(0o077);
  try {
    expect(umaskOf("self")).toBe("0077");
    plane = await startPlane(place.home, { anthropic_base_url: "http://127.0.0.1:9" });
  } finally {
    process.umask(before);
  }
  expect(umaskOf(plane.child.pid ?? 0)).toBe("0022");
});

it("the plane asks the model's endpoint only whether it answers, and needs no engine for it", async () => {
  let status = 529;
  const asked: unknown[] = [];
  const endpoint = createServer(({ method, url, headers }, answer) => {
    asked.push([method, url, headers.authorization]);
    answer.writeHead(status).end("{}");
  });
  await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
  const address = endpoint.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  plane = await startPlane(place.home, {
    anthropic_base_url: `http://127.0.0.1:${address.port}`,
    docker_host: `unix://${place.home}/no-engine.sock`,
  });
  const probe = async (work_id: string) => {
    plane?.send({
      kind: "ProbeCoderVendor",
      work_id,
      nonce: "0".repeat(32),
      generation: 1,
      timeout_ms: 5_000,
    } as never);
    return (await plane?.next("Report", ({ report }) => report.work_id === work_id))?.report;
  };
  expect(await probe("first")).toMatchObject({ kind: "ProbeCoderVendor", ok: false, detail: "api_529" });
  status = 401;
  expect(await probe("second")).toMatchObject({ kind: "ProbeCoderVendor", ok: true, detail: null });
  expect(asked).toEqual(Array(2).fill(["GET", "/v1/models", undefined]));
  endpoint.close();
});
