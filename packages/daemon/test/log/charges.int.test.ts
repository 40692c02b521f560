/** Charges from a real log: each with its mission and repository, for a span of time or for streams, and again after more was appended. */
import { type CommandBody, decide } from "@aedev/core";
import { tokensCharged } from "@aedev/core/reading";
import { expect, it } from "vitest";
import { chargedEventsOf } from "../../src/log/charged-events.ts";
import { createChargeReader } from "../../src/log/charges.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { openForReading } from "../../src/log/sqlite/database.ts";
import { commandAt, happenings, idOf, judgeCanary, ofMission, plant } from "./lives.ts";
import { temporaryFolder } from "./story.ts";

const instant = (second: number) => new Date(Date.parse("2026-01-02T00:00:00.000Z") + second * 1000).toISOString();

it("charges are the same however they are asked for, also for what was appended since", async () => {
  using folder = temporaryFolder();
  const path = folder.at("aedev.db");
  await using log = await openEventLog({ path, decide });
  let second = 0;
  const submit = async (body: CommandBody) => {
    second += 1;
    const spending = JSON.parse(JSON.stringify(body).replaceAll('"input_tokens":0', '"input_tokens":300'));
    expect((await log.submit(commandAt(spending, second, instant(second)))).kind).toBe("done");
  };
  const tell = async (number: number, ...names: string[]) => {
    for (const name of names) await submit(ofMission(number, happenings[name] as CommandBody));
  };
  const database = openForReading(path);
  const reader = createChargeReader(chargedEventsOf(database));
  /** Tokens since an instant, equal to what a new reader gives. */
  const tokens = (since: string | null = instant(0)) => {
    const charges = reader.since(since);
    expect(charges).toEqual(createChargeReader(chargedEventsOf(database)).since(since));
    return charges.reduce((sum, charge) => sum + tokensCharged(charge), 0);
  };

  await tell(0, "registered");
  expect(tokens()).toBe(0);
  for (const number of [1, 2, 3]) await tell(number, "step 0", "step 1", "step 2", "step 3");
  const captured = second;
  expect([tokens(), tokens(), tokens(null)]).toEqual([900, 900, 900]);
  expect([tokens(instant(captured)), tokens(instant(captured + 1))]).toEqual([300, 0]);
  expect(tokens()).toBe(900);
  await tell(4, "step 0", "ask for a draft");
  expect(tokens()).toBe(900);
  await tell(4, "interrupt the draft", "ask for a set-up run", "end the set-up run");
  expect(tokens()).toBe(2900);
  await tell(1, "cancel the task");
  await submit(plant(1, { audit: null, beside: null }));
  await submit(judgeCanary(1));
  expect(tokens()).toBe(3200);

  const all = reader.since(null);
  expect(all).toEqual(log.views.charges.since(null));
  const ofFirst = reader.ofStreams([`mission/${idOf("m", 1)}`, `task/${idOf("t", 1)}`]);
  expect(ofFirst).toEqual(all.filter(({ mission_id }) => mission_id === idOf("m", 1)));
  expect(ofFirst).toMatchObject([
    { kind: "run", runs: 1, requests: 0, repository: "repo" },
    { kind: "run", runs: 0, input_tokens: 300, run_ms: 1000, model: null },
  ]);
  expect(all.filter(({ kind }) => kind === "draft" || kind === "set-up")).toMatchObject([
    { kind: "draft", mission_id: idOf("m", 4), unfinished_tokens: 1000, unfinished_requests: 1 },
    { kind: "set-up", mission_id: null, unfinished_tokens: 1000 },
  ]);
  expect(all.filter(({ kind }) => kind === "canary")).toMatchObject([{ mission_id: null, model: "judge" }]);
  database.close();
});
