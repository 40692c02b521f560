/** The note of the log's newest event: what it shows, and what happens if the disk does not take it. */
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import { noteTips } from "../../src/home/acknowledged-tip.ts";
import { verifyHome } from "../../src/home/audit.ts";
import { hasReserve, keepReserve } from "../../src/home/disk-reserve.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import { configure, temporaryFolder } from "../log/story.ts";

it("the note shows a changed newest event and a log that is too short", async () => {
  using folder = temporaryFolder();
  const { home, tip } = await homeWith(folder.at("home"), 3);
  const noted = readFileSync(tip, "utf8");
  expect(verifyHome(home).ok).toBe(true);
  const [position = ""] = noted.split(" ");
  writeFileSync(tip, `${position} ${"0".repeat(64)}\n`);
  expect(problemsOf(home)).toEqual([
    { position: Number(position), what: expect.stringMatching(/^the hash at position \d+ is not that of the event/) },
  ]);
  writeFileSync(tip, noted.replace(position, String(Number(position) + 1).padStart(position.length, "0")));
  expect(problemsOf(home)).toEqual([
    { position: Number(position) + 1, what: expect.stringContaining("its newest events are lost") },
  ]);
});

it("a disk that does not take the note stops no command and frees the reserve", async () => {
  using folder = temporaryFolder();
  const { home, tip } = await homeWith(folder.at("home"), 1);
  keepReserve(home);
  rmSync(tip);
  symlinkSync("/dev/full", tip);
  await submitSome(home, 2);
  expect(hasReserve(home)).toBe(false);
  rmSync(tip);
  expect(verifyHome(home).ok).toBe(true);
});

function problemsOf(home: string) {
  const verification = verifyHome(home);
  return verification.ok ? [] : verification.problems;
}

async function homeWith(home: string, commands: number) {
  await initHome(home);
  await submitSome(home, commands);
  return { home, tip: homeLayout(home).tip };
}

async function submitSome(home: string, commands: number): Promise<void> {
  await using log = await openEventLog({ path: homeLayout(home).log, decide });
  const endTips = noteTips(home, log);
  for (let number = 0; number < commands; number += 1) {
    const answer = await log.submit(configure(`c-${commands}-${number}`, `alpha-${commands}-${number}`));
    expect(answer.kind).toBe("done");
  }
  endTips();
}
