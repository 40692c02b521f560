/** `/metrics` of a real daemon: who may read it, its format, its figures (as in `aedev status` and `aedev usage`), and that it names nobody. */
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { missionStatuses } from "@aedev/contracts";
import { type CommandBody, decide } from "@aedev/core";
import { ids, sampleHeldReport } from "@aedev/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCommand } from "../packages/daemon/src/control/control.ts";
import { openEventLog } from "../packages/daemon/src/log/event-log.ts";
import { happenings, ofMission } from "../packages/daemon/test/log/lives.ts";
import { apiOf, type Received, sendTo } from "./support/api.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { parsePrometheusText, type Samples } from "./support/prometheus-text.ts";

const title = "Make add() right for negative numbers";
const model = {
  ...{ input_tokens: 100, output_tokens: 20, cache_read_tokens: 0, cache_write_tokens: 0, cache_write_hour_tokens: 0 },
  ...{ requests: 2, unfinished_requests: 0, unfinished_tokens: 0 },
};
const models = [
  { ...model, model: "claude-sonnet-4-6", billing: "api" as const },
  { ...model, model: "claude-opus-4-6", billing: "subscription" as const },
  { ...model, model: "claude-of-tomorrow", billing: "api" as const },
];
const usage = {
  ...{ input_tokens: 300, output_tokens: 60, cache_read_tokens: 0, cache_write_tokens: 0 },
  requests: 6,
  models,
};

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await writeHistory(join(laboratory.home, "aedev.db"));
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  const criterion = "add(-1, 2) is 1, shown by a new test";
  await laboratory.must("intake", title, "--repo", "small", "--criterion", criterion);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

/** One mission is cancelled; another is held after a run that asked three models. */
async function writeHistory(path: string): Promise<void> {
  await using log = await openEventLog({ path, decide });
  const held: CommandBody = {
    kind: "RecordCoderResult",
    task_id: ids.task,
    run_id: ids.run,
    hold_id: ids.hold,
    result: sampleHeldReport("HOLD-CODER-FAILED", { usage }),
  };
  const steps = ["step 0", "step 1", "step 2"].map((step) => happenings[step] as CommandBody);
  const bodies = [
    happenings["registered"] as CommandBody,
    ...[...steps, held].map((body) => ofMission(1, body)),
    ...[...steps, happenings["cancel the task"] as CommandBody].map((body) => ofMission(2, body)),
  ];
  for (const body of bodies) expect(await log.submit(makeCommand(body, "operator"))).toMatchObject({ kind: "done" });
}

function scrape(token?: string): Promise<Received> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return sendTo(apiOf(laboratory.home).port, "/metrics", { headers });
}

async function samples(): Promise<Samples> {
  const { status, body } = await scrape(apiOf(laboratory.home).token);
  expect(status).toBe(200);
  return parsePrometheusText(body);
}

interface Shown {
  readonly missions: Record<string, number>;
  readonly holds: readonly { code: string }[];
  readonly waiting: readonly unknown[];
  readonly undelivered: number;
  readonly repositories: number;
  readonly today: {
    readonly nano_usd: number;
    readonly subscription_nano_usd: number;
    readonly tokens: number;
    readonly requests: number;
    readonly runs: number;
    readonly unknown: readonly { requests: number }[];
  };
}

describe("access to /metrics", () => {
  it("is given to the home's token, and to an operator whose role is viewer or more", async () => {
    const { token } = apiOf(laboratory.home);
    const own = await scrape(token);
    expect([own.status, own.headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    const viewer = (await laboratory.must("operator", "add", "prometheus", "--role", "viewer", "--json")).json<{
      token: string;
    }>();
    expect((await scrape(viewer.token)).status).toBe(200);
    await laboratory.must("operator", "remove", "prometheus");
    expect((await scrape(viewer.token)).status).toBe(401);
  });

  it("is refused without a token, even on loopback and on the socket, and to pages of other origins", async () => {
    const { port, token } = apiOf(laboratory.home);
    for (const refused of [await scrape(), await scrape("0".repeat(64)), await overSocket({})]) {
      expect(refused.status).toBe(401);
      expect(refused.body).not.toContain("aedev_");
    }
    expect(await overSocket({ authorization: `Bearer ${token}` })).toMatchObject({ status: 200 });
    const foreign = { authorization: `Bearer ${token}`, origin: "http://elsewhere.example" };
    expect((await sendTo(port, "/metrics", { headers: foreign })).status).toBe(403);
  });
});

function overSocket(headers: Record<string, string>): Promise<Pick<Received, "status" | "body">> {
  const socketPath = join(laboratory.home, "run/api.sock");
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path: "/metrics", headers: { ...headers, host: "localhost" } }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    });
    call.on("error", reject);
    call.end();
  });
}

describe("the figures of /metrics", () => {
  it("are those of `aedev status` and `aedev usage`", async () => {
    const { status, found } = await laboratory.until(async () => {
      const read = async () => (await laboratory.must("status", "--json")).json<Shown>();
      const before = await read();
      const found = await samples();
      const status = await read();
      return JSON.stringify(before) === JSON.stringify(status) && { status, found };
    });
    const of = (name: string) => found.get(name);
    for (const name of missionStatuses) expect(of(`aedev_missions{status="${name}"}`)).toBe(status.missions[name]);
    expect(status.missions).toMatchObject({ held: 1, cancelled: 1, awaiting_approval: 1 });
    expect([of('aedev_tasks{status="held"}'), of('aedev_tasks{status="cancelled"}')]).toEqual([1, 1]);
    expect([of('aedev_holds{code="HOLD-CODER-FAILED"}'), of('aedev_holds{code="HOLD-BUDGET"}')]).toEqual([1, 0]);
    expect(of("aedev_oldest_hold_age_seconds")).toBeGreaterThan(0);
    expect(of("aedev_waiting_decisions")).toBe(status.waiting.length);
    expect(of("aedev_undelivered_pushes")).toBe(status.undelivered);
    expect(of("aedev_repositories")).toBe(status.repositories);
    const { total } = (await laboratory.must("usage", "--json")).json<{ total: Shown["today"] }>();
    expect(total).toEqual(status.today);
    expect(status.today.nano_usd).toBeGreaterThan(status.today.subscription_nano_usd);
    expect(Math.round((of("aedev_today_list_price_dollars") ?? 0) * 1e9)).toBe(status.today.nano_usd);
    expect(Math.round((of("aedev_today_subscription_list_price_dollars") ?? 0) * 1e9)).toBe(
      status.today.subscription_nano_usd,
    );
    expect(of("aedev_today_unpriced_requests")).toBe(2);
    for (const key of ["tokens", "requests", "runs"] as const) expect(of(`aedev_today_${key}`)).toBe(status.today[key]);
    const exported = (await laboratory.must("events", "export")).stdout.trim().split("\n");
    expect(of("aedev_log_position")).toBe(exported.length);
  });

  it("include processes, files and disk, but not an engine that does not answer", async () => {
    await samples();
    const found = await laboratory.until(async () => {
      const found = await samples();
      return found.has('aedev_event_loop_delay_seconds{quantile="0.99"}') && found;
    });
    for (const name of ["daemon", "execution", "judgement"])
      expect(found.get(`aedev_process_resident_memory_bytes{process="${name}"}`)).toBeGreaterThan(1e7);
    if (process.platform === "linux")
      expect(found.get('aedev_process_open_descriptors{process="judgement"}')).toBeGreaterThan(3);
    for (const name of ["log_bytes", "log_wal_bytes", "disk_free_bytes"])
      expect(found.get(`aedev_${name}`)).toBeGreaterThan(0);
    expect(found.get("aedev_pass_age_seconds")).toBeLessThan(60);
    expect([found.get("aedev_engine_answers"), found.get("aedev_containers")]).toEqual([0, undefined]);
  });

  it("name no mission, repository, model or person", async () => {
    const { body } = await scrape(apiOf(laboratory.home).token);
    expect(body).not.toMatch(/add\(\)|small|claude|tomorrow|operator:|laboratory/);
    expect((await laboratory.must("status", "--json")).stdout).toContain(title);
  });
});
