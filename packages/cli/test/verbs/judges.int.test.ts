/** The verbs that measure judges: an audit with a fake daemon, the record from a state in memory. */
import { type CommandBody, decide, evolve, initialState, type JudgeSetup, type State } from "@aedev/core";
import { someInstant, storyCommand, verdictOf } from "@aedev/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Asked, openFakeDaemon, type Reply } from "../fake-daemon.ts";
import { makeHome, run, type TestHome } from "../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const plan = { "known-bad": 6, "known-good": 2, injection: 1 };
const estimate = {
  n: 6,
  plan,
  bundles: 9,
  families: ["openai", "gemini"],
  calls: 36,
  past_changes: 3,
  input_tokens: 72_400,
};
const audit = (judged: number, change: object = {}) => ({
  audit_id: "u-0123456789abcdef",
  n: 6,
  wanted: plan,
  planted: plan,
  judged,
  open: 9 - judged,
  stalled: {},
  superseded: false,
  done: judged === 9,
  ...change,
});

/** A fake daemon that gives these answers to successive reads of the audit, repeating the last. */
function fakeDaemon(views: readonly object[], estimated: object = estimate) {
  let at = 0;
  return openFakeDaemon(({ method, path }: Asked): Reply | undefined => {
    if (path === "/api/judges/audits/estimate") return { status: 200, body: estimated };
    if (method === "POST" && path === "/api/judges/audits") return { status: 200, body: audit(0) };
    if (!path.startsWith("/api/judges/audits/u-")) return undefined;
    at += 1;
    return { status: 200, body: views[Math.min(at, views.length) - 1] };
  });
}

describe("aedev judges audit", () => {
  it("shows the cost of an audit, requests it and waits until it is judged", async () => {
    await using daemon = await fakeDaemon([audit(4), audit(9)]);
    home.daemonAt({ port: daemon.port });
    const ran = await run(["judges", "audit", "--n", "6"], { home: home.home });
    expect(ran).toMatchObject({ exit: 0, out: expect.stringContaining("9 planted bundles judged") });
    expect(ran.err).toContain(
      "6 defects, 2 harmless twins, 1 injection; 2 judges, two views each: 36 calls, some 72.4 k tokens",
    );
    const posts = daemon.asked.filter(({ method }) => method === "POST").map(({ path, body }) => [path, body]);
    expect(posts).toEqual([
      ["/api/judges/audits/estimate", { n: 6 }],
      ["/api/judges/audits", { n: 6 }],
    ]);
  });

  it("starts no audit and exits 1 if no change can be used for planting", async () => {
    await using daemon = await fakeDaemon([], { ...estimate, past_changes: 0 });
    home.daemonAt({ port: daemon.port });
    const ran = await run(["judges", "audit"], { home: home.home });
    expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining("run a mission first") });
    expect(daemon.asked.filter(({ path }) => path === "/api/judges/audits")).toEqual([]);
  });

  it("says why an audit planted fewer defects, which is an error only if it planted none", async () => {
    const stalled = { "known-good": "nothing to plant: no past change has a line where known-good fits" };
    await using some = await fakeDaemon([
      audit(8, { planted: { ...plan, "known-good": 1 }, open: 0, stalled, done: true }),
    ]);
    home.daemonAt({ port: some.port });
    const fewer = await run(["judges", "audit", "--n", "6"], { home: home.home });
    expect(fewer).toMatchObject({ exit: 0, out: expect.stringContaining("8 of 9 planted bundles judged") });
    expect(fewer.err).toContain("no past change has a line");
    const none = { "known-bad": 0, "known-good": 0, injection: 0 };
    await using empty = await fakeDaemon([audit(0, { planted: none, open: 0, stalled, done: true })]);
    home.daemonAt({ port: empty.port });
    expect(await run(["judges", "audit", "--n", "6"], { home: home.home })).toMatchObject({ exit: 1 });
  });

  it("does not wait with --no-wait, and stops waiting at its time limit", async () => {
    await using daemon = await fakeDaemon([audit(3)]);
    home.daemonAt({ port: daemon.port });
    const left = await run(["judges", "audit", "--n", "6", "--no-wait", "--json"], { home: home.home });
    expect(left.exit).toBe(0);
    expect(JSON.parse(left.out)).toMatchObject({ audit_id: "u-0123456789abcdef", done: false });
    const late = await run(["judges", "audit", "--n", "6", "--timeout", "1s"], { home: home.home });
    expect(late).toMatchObject({ exit: 1, err: expect.stringContaining("aedev judges show") });
  });

  it("exits 3 with the daemon down and 2 for an invalid number of defects", async () => {
    expect(await run(["judges", "audit"], { home: home.home })).toMatchObject({ exit: 3 });
    for (const n of ["0", "-1", "ten", "100000"])
      expect(await run(["judges", "audit", "--n", n], { home: home.home })).toMatchObject({ exit: 2 });
  });
});

const setup: JudgeSetup = {
  models: { openai: "judge", gemini: "judge" },
  promptDigest: "9".repeat(64),
  bar: { min_canaries: 60, min_catch_permille: 500 },
};

/** A state with 60 defects of which openai caught 12 and gemini 45, and ten twins of which both passed nine. */
function measured(): State {
  let state = initialState;
  const submit = (body: CommandBody) => {
    const decision = decide(storyCommand(body), state);
    if (decision.kind === "refused") throw new Error(decision.reason);
    for (const event of decision.events) state = evolve(state, { ...event, recorded_at: someInstant });
  };
  for (let number = 0; number < 70; number += 1) {
    const canary_id = `c-${String(number).padStart(10, "0")}` as never;
    const bundle = { digest: String(number).padStart(64, "0"), size_bytes: 1, media_type: "application/json" };
    const isBad = number < 60;
    submit({
      kind: "PlantCanary",
      canary_id,
      audit_id: null,
      beside: null,
      source: { task_id: "t-aaaaaaaaaaaaaaaa" as never, bundle_digest: "e".repeat(64) },
      planted: isBad ? "known-bad" : "known-good",
      planted_class: isBad ? "off-by-one" : "local-renamed",
      bundle,
      verdict_nonces: { openai: "0".repeat(32), gemini: "1".repeat(32) },
    });
    for (const [family, caught] of [
      ["openai", 12],
      ["gemini", 45],
    ] as const) {
      const verdict = number < caught || number === 69 ? "fail" : "pass";
      const recorded = {
        ...verdictOf(family, verdict),
        bundle_digest: bundle.digest,
        prompt_digest: setup.promptDigest,
      };
      submit({ kind: "RecordCanaryVerdict", canary_id, verdict: recorded });
    }
  }
  return state;
}

describe("aedev judges show", () => {
  const judgeSetup = async () => setup;

  it("shows rates with their intervals, the lost vote, and the worth of two passes, with the daemon down", async () => {
    const ran = await run(["judges", "show"], { home: home.home, state: measured(), judgeSetup });
    expect(ran).toMatchObject({ exit: 0, err: "" });
    expect(ran.out).toContain("12 of 60: 20 % (12..32 %)");
    expect(ran.out).toContain(
      "openai: its pass does not count: caught 12 of 60 planted defects (95 % 11..32 %), bar 50 %",
    );
    expect(ran.out).toMatch(/known-bad +off-by-one +12 of 60/);
    expect(ran.out).toContain("both missed 15, only openai 33, only gemini 0, neither 12");
    expect(ran.out).toContain(
      "what two passes are worth: if 5 % of changes are bad, 1.4 % (0.8..3.2 %) of those with two passes still are",
    );
  });

  it("prints the judges' record as one document, and reports rates without data as not measured", async () => {
    const ran = await run(["judges", "show", "--json"], {
      home: home.home,
      state: measured(),
      judgeSetup,
    });
    const report = JSON.parse(ran.out);
    expect(report.families[0]).toMatchObject({ family: "openai", qualified: false, known_bad: { n: 60, hits: 12 } });
    expect(report.pairs[0].two_passes.posteriors.map(({ prior }: { prior: number }) => prior)).toEqual([
      0.05, 0.1, 0.2,
    ]);
    const none = await run(["judges", "show"], { home: home.home, judgeSetup });
    expect(none.out).toContain("not measured");
    expect(none.out).toContain("aedev judges audit");
  });
});
