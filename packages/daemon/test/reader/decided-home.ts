/** A home with a real log, to which decisions about changes are added. */
import { mkdirSync } from "node:fs";
import type { EventData } from "@aedev/contracts/events";
import { type Command, type CommandBody, decide } from "@aedev/core";
import { gated } from "@aedev/core/testing";
import { homeLayout } from "@aedev/host/home-layout";
import { expect } from "vitest";
import { openEventLog } from "../../src/log/event-log.ts";
import { commandAt, happenings, ofMission } from "../log/lives.ts";
import { temporaryFolder } from "../log/story.ts";

const stepsBeforeGate = 7;

export async function decidedHome() {
  const folder = temporaryFolder();
  const home = folder.at("home");
  mkdirSync(home);
  mkdirSync(homeLayout(home).blobs);
  const log = await openEventLog({ path: homeLayout(home).log, decide });
  const instant = (second: number) => new Date(Date.parse("2026-01-02T00:00:00.000Z") + second * 1000).toISOString();
  let count = 0;
  /** A command of a mission's life, by its number. */
  async function tell(number: number, body: CommandBody, by: Pick<Partial<Command>, "way"> = {}): Promise<void> {
    count += 1;
    const answer = await log.submit({ ...commandAt(ofMission(number, body), count, instant(number * 100)), ...by });
    expect(answer).toMatchObject({ kind: "done" });
  }
  /** A mission up to the gate's decision. */
  async function decided(number: number, answer: "merge" | "ask", change: Partial<EventData<"GateDecided">>) {
    for (let step = 0; step <= stepsBeforeGate; step += 1)
      await tell(number, happenings[`step ${step}`] as CommandBody);
    await tell(number, gated(answer, change));
  }
  await tell(0, happenings["registered"] as CommandBody);
  async function close() {
    await log.close();
    folder[Symbol.dispose]();
  }
  return { home, folder, instant, tell, decided, close };
}
