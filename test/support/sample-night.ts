/** The status board's document of a full night, with something under every key, and of a home in which nothing has happened. */
import { type HomeSignal, homeSignalParts, missionStatuses } from "@aedev/contracts";
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { initialState } from "../../packages/core/src/index.ts";
import { boardOf, logged } from "../../packages/daemon/test/board/sample-board.ts";

const nowMs = Date.parse("2026-01-02T05:04:05.678Z");
/** An instant before the document's time. */
const ago = (minutes: number) => new Date(nowMs - minutes * 60_000).toISOString();
const capped = <T>(rows: readonly T[], more = 0) => ({ rows, more });
const id = (kind: string, number: number) => `${kind}-${String(number).padStart(16, "0")}`;

export const hostileTitle = "<img src=x onerror=alert(1)> \\u{202e}txt.exe \\u{1b}]8;;http://evil";
const titles = [
  "age(-1) in lib/age.js must throw a RangeError",
  "Add a section on running the tests to README.md, with the command for Node and the one for Python",
  hostileTitle,
  "让 parse() 拒绝空字符串，并为此添加测试",
];
const title = (number: number) => titles[number % titles.length] ?? "";

export function quietNight(): StatusBoardDocument {
  const setup = { models: { openai: "gpt-5.1", gemini: "gemini-2.5-pro" }, promptDigest: "p", bar: noBar };
  return boardOf(initialState, {
    signals: { budgets: [], judges: { count: () => ({ planted: 0, caught: 0 }), setup }, unread: [] },
    log: [logged("DaemonStarted", ago(700), { after_death: false })],
  });
}
const noBar = { min_canaries: 10, min_catch_permille: 500 };

function signal(given: Omit<HomeSignal, "task_id" | "since"> & { since?: string }) {
  const { detail, ...rest } = { task_id: null, since: null, ...given };
  return { ...rest, ...homeSignalParts({ ...rest, ...(detail === undefined ? {} : { detail }) }) };
}

export function fullNight(): StatusBoardDocument {
  const quiet = quietNight();
  const alert = { name: null, count: null, since: null, by: null, detail: null };
  const task = (number: number) => ({
    ...{ task_id: id("t", number), mission_id: id("m", number), title: title(number), repository: "shop-backend" },
  });
  const open = <S extends string>(status: S, number: number) => ({
    ...{ ...task(number), status, runs: number % 3, since: ago(number * 7) },
  });
  return {
    ...quiet,
    position: 48_211,
    soak: {
      ...{ t0: ago(1_110), required_seconds: 86_400, elapsed_seconds: 66_600, progress_percent: 77, result: "fail" },
      interruptions: capped([
        { at: ago(200), what: "execution-ended" },
        { at: ago(640), what: "daemon-died" },
      ]),
      why: null,
    },
    runtime_health: {
      ...quiet.runtime_health,
      alerts: capped([
        {
          ...{ ...alert, kind: "untrusted", detail: "position 4711: the hash does not follow from the one before" },
          ...{ text: "The log is not trusted: nothing runs, lands or is approved", help: "aedev events accept" },
        },
        {
          ...{ ...alert, kind: "work-paused", since: ago(65), by: "anna" },
          ...{ text: "All work is paused", help: "aedev resume" },
        },
        {
          ...{ ...alert, kind: "repository-paused", name: "shop-backend", since: ago(700), by: "anna" },
          ...{ text: "shop-backend is paused", help: "aedev repo resume shop-backend" },
        },
        {
          ...{ ...alert, kind: "judge-out", name: "gemini", count: 2, since: ago(40) },
          ...{ text: "Judge gemini does not answer; 2 tasks waiting", help: "aedev judges show" },
        },
        {
          ...{ ...alert, kind: "push-undelivered", count: 3 },
          ...{ text: "3 pushes not delivered", help: "aedev notify test" },
        },
        {
          ...{ ...alert, kind: "engine-silent" },
          ...{ text: "The Docker engine does not answer: no run can start", help: "aedev doctor" },
        },
      ]),
      daemon: { status: "running", since: ago(640), pass_age_ms: 3_000, last_event_at: ago(1) },
      engine: { answers: false, why: null },
      notifier: { status: "undelivered", undelivered: 3 },
      judges_out: 1,
    },
    queue: {
      missions: Object.fromEntries(missionStatuses.map((status, at) => [status, at + 1])) as never,
      tasks: { running: 2, judging: 1, held: 4, landed: 212 },
      repositories: 4,
      proposals: 2,
      waiting: capped(
        [0, 1, 2].map((number) => ({
          ...{ mission_id: id("m", number), task_id: number === 0 ? null : id("t", number), title: title(number) },
          ...(number === 0
            ? { status: "clarifying" as const, help: `aedev mission answer ${id("m", number)}` }
            : { status: "asked" as const, help: `aedev task approve ${id("t", number)}` }),
        })),
        4,
      ),
      oldest: { mission_id: id("m", 0), title: title(1), submitted_at: ago(3_000) },
    },
    task_state: {
      running: capped([1, 2].map((number) => open("running", number))),
      judging: capped([open("judging", 3)]),
      approved: capped([4, 5, 6].map((number) => open("approved", number))),
      landed: capped(
        [7, 8, 9, 10].map((number) => ({ ...task(number), commit: "9".repeat(40), landed_at: ago(number * 60) })),
        208,
      ),
    },
    signals: [
      signal({ kind: "containers-left", severity: "warning", count: 3, since: ago(90) }),
      signal({ kind: "spend", severity: "warning", count: 1, detail: "87 % of limits.day_usd" }),
    ],
    ga_gates: {
      ...{ total: 124, passed: 112, noted: 9, recommendation: "no-go", why: null },
      blocked: capped(["a change to a path that is not UTF-8 is asked about, and lands with its bytes"], 2),
    },
    usage: {
      ...{ runs: 41, requests: 1_912, tokens: 40_312_000, nano_usd: 17_410_000_000, unpriced_requests: 12, why: null },
      budgets: [
        { key: "limits.day_tokens", unit: "tokens", used: 40_312_000, limit: 100_000_000 },
        { key: "limits.day_usd", unit: "nano_usd", used: 17_410_000_000, limit: 20_000_000_000 },
      ],
    },
    pause: {
      home: { since: ago(65), stop_runs: false, by: "anna" },
      repositories: capped([{ name: "shop-backend", paused: "repository", since: ago(700), by: "anna" }]),
    },
    lane: {
      merged_alone: { merged: 41, bad: 1, bad_from: 0.001, bad_to: 0.11 },
      closed: capped([
        {
          ...{ repository: "shop-backend", kind: "updates", merged: 7, bad: 3, over: "repository" },
          text: "updates of packages in shop-backend are asked about, because 3 of 7 that merged by themselves went wrong",
          help: "aedev repo lane shop-backend updates --reopen --reason TEXT",
        },
      ]),
    },
    judges: {
      families: [
        {
          ...{ family: "openai", model: "gpt-5.1", status: "well", since: null, waiting: 0 },
          ...{ planted: 40, caught: 38, counts: true },
        },
        {
          ...{ family: "gemini", model: "gemini-2.5-pro", status: "out", since: ago(40), waiting: 2 },
          ...{ planted: 40, caught: 11, counts: false },
        },
      ],
      why: null,
    },
    holds: capped(
      [11, 12].map((number) => ({
        ...{ hold_id: id("h", number), task_id: id("t", number), mission_id: id("m", number), title: title(number) },
        ...{
          code: "HOLD-CHECKS-FAILED" as const,
          detail: "test/cart.test.js: expected 3, got 4",
          held_at: ago(number),
        },
        ...{ resumes: "never" as const, resumes_at: null, help: `aedev task retry ${id("t", number)}` },
      })),
      2,
    ),
  };
}
