/** Figures from the log while it is written, and from the engine: on a real log, with an engine that answers, answers nonsense or hangs. */
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { families, holdCodes } from "@aedev/contracts";
import type { CommandBody } from "@aedev/core";
import { ids } from "@aedev/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/git-repositories.ts";
import { parsePrometheusText } from "../../../../test/support/prometheus-text.ts";
import { type Metrics, type MetricsOptions, openMetrics } from "../../src/metrics/metrics.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";
import { happenings, ofMission } from "../log/lives.ts";

let signed: SignedHome;
let metrics: Metrics;
let answer: RequestListener;
const asked: string[] = [];
const saw: Parameters<MetricsOptions["sawContainers"]>[0][] = [];
const engine = createServer((request, response) => {
  asked.push(decodeURIComponent(request.url ?? ""));
  answer(request, response);
});
beforeAll(async () => {
  signed = await openSignedHome();
  const socket = join(temporaryFolder(), "docker.sock");
  await new Promise<void>((listening) => engine.listen(socket, listening));
  metrics = openMetrics({
    control: signed.control,
    environment: { DOCKER_HOST: `unix://${socket}` },
    processIds: () => ({ daemon: process.pid, execution: null, judgement: null }),
    passAgeMs: () => 0,
    sawContainers: (listed) => void saw.push(listed),
  });
});
afterAll(async () => {
  metrics.close();
  engine.closeAllConnections();
  engine.close();
  await signed.close();
});

const samples = async () => parsePrometheusText(await metrics.text());
const lists: RequestListener = (_request, response) =>
  void response.end(JSON.stringify([{ Id: "a" }, { Id: "b", Labels: { "aedev.run": "r-1", other: "x" } }]));

it("the home's containers are listed without a scrape", async () => {
  answer = lists;
  saw.length = 0;
  await metrics.listContainers();
  expect(saw).toEqual([
    [
      { id: "a", run: null },
      { id: "b", run: "r-1" },
    ],
  ]);
  answer = (_request, response) => void response.writeHead(500).end();
  await metrics.listContainers();
  expect(saw.at(-1)).toBeNull();
});

it("runs, verdicts, holds and landings are counted as they are committed, and none from before", async () => {
  answer = lists;
  const before = await samples();
  expect(before.get("aedev_runs_started_total")).toBe(0);
  expect(signed.task().runs).toHaveLength(1);
  const steps = ["step 0", "step 1", "step 2", "step 3", "step 4", "step 5", "pass by openai"];
  const failed: CommandBody = happenings["fail the coder"] as CommandBody;
  for (const step of steps) await signed.submit(ofMission(1, happenings[step] as CommandBody));
  const refusal: CommandBody = { kind: "RecordRefusal", task_id: ids.task, run_id: ids.run, what: "GET /secret-path" };
  await signed.submit(ofMission(1, refusal));
  for (const body of [...steps.slice(0, 3).map((step) => happenings[step] as CommandBody), failed])
    await signed.submit(ofMission(2, body));
  const text = await metrics.text();
  const after = parsePrometheusText(text);
  expect(after.get("aedev_runs_started_total")).toBe(2);
  expect(after.get("aedev_runs_captured_total")).toBe(1);
  expect(after.get("aedev_runs_without_change_total")).toBe(1);
  expect(after.get("aedev_refused_requests_total")).toBe(1);
  expect(text).not.toContain("secret-path");
  expect(after.get('aedev_task_holds_total{code="HOLD-CODER-FAILED"}')).toBe(1);
  expect(after.get('aedev_verdicts_total{answer="pass",family="openai"}')).toBe(1);
  expect(after.get('aedev_verdicts_total{answer="fail",family="gemini"}')).toBe(0);
});

it("the samples are the same whatever happens: people, models and repositories can't increase their number", async () => {
  answer = lists;
  const found = await samples();
  const count = (name: string) => [...found.keys()].filter((key) => key.startsWith(`${name}{`)).length;
  expect(count("aedev_holds")).toBe(holdCodes.length);
  expect(count("aedev_verdicts_total")).toBe(families.length * 4);
  expect(found.get('aedev_plane_generation{plane="execution"}')).toBe(signed.state().system.generations.execution);
  expect(found.size).toBeLessThan(200);
});

it("this home's containers are counted, unless the engine answers nonsense or not in time", async () => {
  answer = lists;
  const seen = await samples();
  expect([seen.get("aedev_engine_answers"), seen.get("aedev_containers")]).toEqual([1, 2]);
  expect(saw.at(-1)).toEqual([
    { id: "a", run: null },
    { id: "b", run: "r-1" },
  ]);
  expect(asked.at(-1)).toContain(`{"label":["aedev.home=${signed.state().system.home_id}"]}`);
  const nothing: RequestListener[] = [
    (_request, response) => void response.end("no JSON"),
    (_request, response) => void response.writeHead(500).end("[]"),
    () => undefined,
    (_request, response) => void response.write("["),
  ];
  for (const each of nothing) {
    answer = each;
    const unknown = await samples();
    expect([unknown.get("aedev_engine_answers"), unknown.get("aedev_containers")]).toEqual([0, undefined]);
    expect(saw.at(-1)).toBeNull();
  }
});

it("simultaneous scrapes share one look at the engine", async () => {
  answer = lists;
  const before = asked.length;
  const [one, other] = await Promise.all([metrics.text(), metrics.text()]);
  expect(one).toBe(other);
  expect(asked.length).toBe(before + 1);
  await metrics.text();
  expect(asked.length).toBe(before + 2);
});
