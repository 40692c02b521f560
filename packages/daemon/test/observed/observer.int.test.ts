/** The daemon's file of observations: the daemon writes it, everybody reads it, and foreign content is refused. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { homeLayout } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/git-repositories.ts";
import { nothingObserved, readObserved } from "../../src/observed/observed-file.ts";
import { openObserver } from "../../src/observed/observer.ts";

const minute = 60_000;

function newHome(): { home: string; path: string } {
  const home = temporaryFolder();
  const path = homeLayout(home).observed;
  mkdirSync(dirname(path), { recursive: true });
  return { home, path };
}

/** Clocks that only the test moves. */
function movedClocks() {
  const at = { wall: Date.parse("2026-01-01T10:00:00.000Z"), monotonic: 0, boot: 0 };
  const clocks = { wallMs: () => at.wall, monotonicMs: () => at.monotonic, bootMs: () => at.boot };
  const pass = (minutes: number, jumped = 0) => {
    at.wall += (minutes + jumped) * minute;
    at.monotonic += minutes * minute;
    at.boot += minutes * minute;
    return new Date(at.wall).toISOString();
  };
  return { clocks, pass };
}

it("the file has what a daemon saw of the clocks, as one series of jumps, and the next daemon knows it", async () => {
  const { home, path } = newHome();
  expect(await readObserved(home)).toEqual(nothingObserved);
  const { clocks, pass } = movedClocks();
  const observer = await openObserver(home, clocks);
  pass(1);
  observer.compareClocks();
  expect(await readObserved(home)).toEqual(nothingObserved);
  const first_at = pass(1, -90);
  observer.compareClocks();
  const back = { count: 1, first_at, at: first_at, moved_ms: -90 * minute, how: "jumped" };
  expect((await readObserved(home)).clock).toEqual(back);
  observer.close();
  const next = await openObserver(home, clocks);
  expect((await readObserved(home)).clock).toEqual(back);
  const at = pass(60, 90);
  next.compareClocks();
  expect((await readObserved(home)).clock).toEqual({ count: 2, first_at, at, moved_ms: 90 * minute, how: "jumped" });
  pass(13 * 60);
  next.compareClocks();
  expect((await readObserved(home)).clock).toBeNull();
  next.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(path))).toEqual(["observed.json"]);
});

it("the file has left containers until they are gone, the engine is silent or another daemon starts", async () => {
  const { home, path } = newHome();
  const { clocks, pass } = movedClocks();
  const observer = await openObserver(home, clocks);
  const alive = new Set(["r-1"]);
  const listed = [
    { id: "a", run: null },
    { id: "b", run: "r-1" },
  ];
  const since = pass(0);
  observer.sawContainers(listed, alive);
  expect(await readObserved(home)).toEqual(nothingObserved);
  const seen_at = pass(11);
  observer.sawContainers(listed, alive);
  expect((await readObserved(home)).containers).toEqual({ count: 1, since, seen_at });
  const before = readFileSync(path, "utf8");
  pass(1);
  observer.sawContainers(listed, alive);
  expect(readFileSync(path, "utf8")).toBe(before);
  const later = pass(10);
  observer.sawContainers(listed, alive);
  expect((await readObserved(home)).containers).toEqual({ count: 1, since, seen_at: later });
  observer.sawContainers(null, alive);
  expect((await readObserved(home)).containers).toBeNull();
  // The container has been left all the time.
  observer.sawContainers(listed, alive);
  expect((await readObserved(home)).containers).toMatchObject({ since });
  observer.sawContainers([], alive);
  expect((await readObserved(home)).containers).toBeNull();
  observer.sawContainers(listed, alive);
  pass(11);
  observer.sawContainers(listed, alive);
  observer.close();
  expect((await readObserved(home)).containers).not.toBeNull();
  (await openObserver(home, clocks)).close();
  expect((await readObserved(home)).containers).toBeNull();
});

it("a file of another kind, too large or with foreign content is refused; the next daemon replaces it", async () => {
  const { home, path } = newHome();
  const at = "2026-01-01T10:00:00.000Z";
  const good = { containers: { count: 1, since: at, seen_at: at }, clock: null };
  const jump = { count: 1, first_at: at, at, moved_ms: 1, how: "slept" };
  const write = (text: string) => {
    rmSync(path, { force: true, recursive: true });
    writeFileSync(path, text);
  };
  const hostile = [
    "",
    "null",
    "{",
    JSON.stringify({ ...good, more: 1 }),
    JSON.stringify({ ...good, containers: { ...good.containers, count: -1 } }),
    JSON.stringify({ ...good, containers: { ...good.containers, since: "\u001b[2J" } }),
    JSON.stringify({ ...good, clock: { ...jump, how: "rm -rf" } }),
    JSON.stringify({ ...good, clock: { ...jump, moved_ms: "1" } }),
    `${JSON.stringify(good)}${" ".repeat(5000)}`,
  ];
  for (const text of hostile) {
    write(text);
    await expect(readObserved(home), text.slice(0, 100)).rejects.toMatchObject({ code: "home-unreadable" });
  }
  write(JSON.stringify({ ...good, clock: jump }));
  expect(await readObserved(home)).toEqual({ ...good, clock: jump });
  rmSync(path);
  symlinkSync("/dev/zero", path);
  await expect(readObserved(home)).rejects.toMatchObject({ code: "home-unreadable" });
  rmSync(path);
  mkdirSync(path);
  await expect(readObserved(home)).rejects.toMatchObject({ code: "home-unreadable" });
  write("{");
  (await openObserver(home)).close();
  expect(await readObserved(home)).toEqual(nothingObserved);
});
