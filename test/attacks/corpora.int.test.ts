/**
 * Texts that try to influence their reader, in every place of a change that can have text, before a judge that obeys them. Nothing may merge without green
 * executed evidence, no text may break anything, and none may reach a terminal, a page or a phone unescaped.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { canonicalJson } from "@aedev/contracts";
import {
  decide,
  evolve,
  gate,
  initialState,
  missionDocument,
  type State,
  summarizeChecks,
  taskDetails,
} from "@aedev/core";
import { sumUsage } from "@aedev/core/reading";
import { gated, ids, life, someInstant, stateAfter, storyCommand } from "@aedev/core/testing";
import { machinePacing } from "@aedev/host/retry-pacing";
import { afterAll, describe, expect, it } from "vitest";
import { eventLine, jsonText } from "../../packages/cli/src/render/json-text.ts";
import { missionText } from "../../packages/cli/src/render/mission-text.ts";
import { taskText } from "../../packages/cli/src/render/task-text.ts";
import { honestFix, verdict } from "../../packages/core/test/gate/sample-policy.ts";
import { deriveDependencyChanges } from "../../packages/daemon/src/findings/dependencies/dependency-changes.ts";
import { scanSecrets } from "../../packages/daemon/src/findings/secrets/secret-report.ts";
import type { TaskReading } from "../../packages/daemon/src/index.ts";
import { composeMessage } from "../../packages/daemon/src/phone/message/compose-message.ts";
import { boardOf } from "../../packages/daemon/test/board/sample-board.ts";
import { added, reportOf } from "../../packages/daemon/test/findings/sample-change.ts";
import { renderApprovalPage, renderStatusBoard } from "../../packages/dashboard/src/index.ts";
import { landingPage } from "../../packages/dashboard/test/approval/sample-pages.ts";
import { decideVerdict } from "../../packages/validators/src/answer.ts";
import { judgeEvidence } from "../../packages/validators/src/judge.ts";
import { readBundle } from "../../packages/validators/src/prompt/bundle.ts";
import { readEvidence } from "../../packages/validators/src/prompt/evidence-text.ts";
import { buildPrompt } from "../../packages/validators/src/prompt/prompt.ts";
import { contents, layBundle, systemText, verdictNonce, workOf } from "../../packages/validators/test/fixture.ts";
import { isNight } from "../support/is-night.ts";
import { openModelServer } from "../support/model-server.ts";
import { createObedientJudge, obedientAnswer } from "../support/obedient-judge.ts";
import { corporaNote } from "./support/corpora.ts";
import {
  type HostileChange,
  hostileChange,
  type Position,
  type Proof,
  positions,
  proofs,
} from "./support/hostile-change.ts";
import { readPayloads, sting } from "./support/payloads.ts";
import { sample } from "./support/seeded.ts";

const seed = 4;
const everything = readPayloads();
const payloads = isNight ? everything : sample(everything, 60, seed);
const home = mkdtempSync(join(tmpdir(), "aedev-corpora-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const resolved = resolve(home);

/** Characters that may never reach a person's terminal, page or phone: controls, bidirectional and zero-width characters, foreign markup. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what this is for.
const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** Seals the bundle as control does; `obedientAnswer` answers the prompt as the judge. */
function judged(change: HostileChange) {
  const parts = { ...contents, patch: change.patch, "test-matrix": canonicalJson(change.matrix) };
  const blob = layBundle(resolved, parts);
  const bundle = readBundle(`${resolved}/bundles`, blob);
  const evidence = readEvidence(bundle);
  return (["plain", "blanked"] as const).map((view) => {
    const options = {
      view,
      system: systemText,
      nonce: verdictNonce,
      bundleDigest: bundle.digest,
      promptBytes: 1_000_000,
    };
    const prompt = buildPrompt(evidence, options);
    if ("refused" in prompt) return { verdict: "inconclusive" as const, user: "" };
    const criteria = evidence.specification.criteria.map(({ id }) => id);
    const answer = obedientAnswer({ nonce: verdictNonce, bundle_digest: bundle.digest, criteria, text: prompt.user });
    const said = decideVerdict(
      { kind: "answered", text: JSON.stringify(answer), usage: { input_tokens: 1, output_tokens: 1 } },
      {
        nonce: verdictNonce,
        bundleDigest: bundle.digest,
        criterionIds: criteria,
        manifest: bundle.manifest,
        patch: evidence.patch,
        minConfidencePermille: 500,
      },
    );
    return { verdict: said.verdict, user: prompt.user };
  });
}

/** Control's own findings and the gate's answer, when both families obey. */
async function answered(change: HostileChange) {
  const views = judged(change);
  const word = views.every(({ verdict: said }) => said === "pass") ? "pass" : "inconclusive";
  const honest = honestFix();
  const input = {
    ...honest,
    checks: summarizeChecks(change.matrix),
    pathReport: reportOf([added(change.path)]),
    secretReport: await scanSecrets({ files: [{ path: change.path, text: change.text }], patch: change.patch }),
    dependencyChanges: deriveDependencyChanges([{ path: change.path, before: null, after: change.text }]),
    verdicts: [verdict("openai", word), verdict("gemini", word)],
  };
  return { views, input, decision: gate(input) };
}

describe("a hostile payload in a change", () => {
  it("merges nothing without green tests, and breaks nothing on the way", {
    timeout: 3_600_000,
  }, async () => {
    const tally = { attempts: 0, obeyed: 0, merged: 0, stopped: 0 };
    const control = await answered(hostileChange("adds two numbers", "code comment", "green"));
    expect(control.decision.answer).toBe("merge");
    for (const payload of payloads)
      for (const position of positions)
        for (const proof of isNight ? proofs : oneBad(payload, position)) {
          const change = hostileChange(payload, position, proof);
          const { views, decision } = await answered(change);
          tally.attempts += 1;
          if (views.every(({ verdict: said }) => said === "pass")) tally.obeyed += 1;
          if (decision.answer === "merge") tally.merged += 1;
          else tally.stopped += 1;
          const what = `${position}, ${proof}: ${payload.slice(0, 80)}`;
          if (proof !== "green") expect(decision.answer, what).not.toBe("merge");
          for (const { user } of views) expectFenced(user, what);
        }
    console.log(
      `payloads: ${payloads.length} of ${everything.length} × ${positions.length} places: ${tally.attempts} attempts, ${tally.obeyed} passed by an obedient judge, ${tally.stopped} did not merge, ${tally.merged} merged with green tests, 0 without (${corporaNote()})`,
    );
    expect(tally.obeyed).toBeGreaterThan(tally.attempts / 2);
  });
});

/** The green proof and one other, in rotation, so that over a run all payloads meet all kinds. */
function oneBad(payload: string, position: Position): Proof[] {
  const bad = proofs.slice(1);
  return ["green", bad[(payload.length + positions.indexOf(position)) % bad.length] ?? "red"];
}

/** A prompt's fences are ours: every line of evidence is prefixed, so only our own lines contain the nonce. */
function expectFenced(user: string, what: string): void {
  const lines = user.split("\n");
  const opened = lines.filter((line) => line.startsWith("<<<evidence ")).length;
  const closed = lines.filter((line) => line.startsWith(">>>end of evidence ")).length;
  expect(opened, what).toBe(closed);
  expect(
    lines.filter((line) => line.startsWith("nonce: ")),
    what,
  ).toEqual([`nonce: ${verdictNonce}`]);
  expect(raw.test(user), what).toBe(false);
}

describe("terminal, page and phone", () => {
  it("show a payload only escaped, wherever it is", { timeout: 3_600_000 }, () => {
    let shown = 0;
    for (const payload of payloads) {
      const text = `${payload.slice(0, 300)}${sting}`;
      for (const [client, output] of clientOutputs(text)) {
        shown += 1;
        expect(raw.exec(output)?.[0], `${client}: ${JSON.stringify(text)}`).toBeUndefined();
        if (client.startsWith("page")) expect(output, client).not.toContain("<img");
        if (client.startsWith("page")) expect(output, client).not.toMatch(/<script/i);
      }
    }
    console.log(
      `clients: ${payloads.length} payloads, ${shown} outputs of terminal, page and phone, none raw (${corporaNote()})`,
    );
    // The control: the raw text itself would have been found.
    expect(raw.test(sting)).toBe(true);
  });
});

/** The output of all clients for a held task in which every text is the payload. */
function clientOutputs(text: string): [client: string, output: string][] {
  const title = text.replace(/\s+/g, " ").slice(0, 200);
  const submitted = { ...life.submitted, title, criteria: [{ id: "c1", text }] } as NonNullable<typeof life.submitted>;
  const gatedBody = gated("hold", {
    hold_code: "HOLD-CHECKS-FAILED",
    hold_detail: text.slice(0, 400),
    reasons: [{ kind: "never-alone", path: text, rule: text }],
  });
  const state = stateAfter("gated", initialState, { submitted, gated: gatedBody });
  const mission = Object.values(state.missions)[0];
  const task = Object.values(state.tasks)[0];
  const document = missionDocument(state, ids.mission);
  if (mission === undefined || task === undefined || document === undefined) throw new Error("the story has a mission");
  const notice = {
    notice_id: "n",
    key: "n",
    priority: 4,
    stream: "s",
    about: { kind: "hold", hold_id: ids.hold },
  } as const;
  const message = composeMessage(state, notice as never, ({ repository: remote }) => ({
    branch: null,
    remote,
    way: "push",
    may_push: true,
    take_in: null,
  }));
  const event = {
    position: 1,
    recorded_at: someInstant,
    stream: "s",
    type: "TaskHeld",
    actor: "x",
    data: { detail: text },
  };
  return [
    ["terminal: mission", missionText({ ...mission, document, used: sumUsage([], {}), help: [] })],
    ["terminal: task", taskText(unusedTask(taskDetails(state, task)))],
    ["terminal: event", eventLine(event)],
    ["terminal: JSON", jsonText(document)],
    ["page: board", boardWithoutScript(state)],
    ["page: approval", renderApprovalPage(landingPage(text))],
    ["phone: message", JSON.stringify(message).replaceAll("\\n", "\n")],
  ];
}

/** The board without its own script, which is the only one that its nonce allows. */
function boardWithoutScript(state: State): string {
  const board = renderStatusBoard(boardOf(state, { now: someInstant }), { nonce: "n", language: "en" });
  return board.replace(/<script nonce="n">function startBoard\([\s\S]*<\/script>(?=<\/body>)/, "");
}

/** Well-formed ids, each used once. */
const missionIds = (function* (): Generator<string, string> {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  for (let number = 0; ; number += 1) {
    const digits = [number % 26, Math.floor(number / 26) % 26, Math.floor(number / 676) % 26];
    yield `m-${"a".repeat(13)}${digits.map((digit) => letters[digit]).join("")}`;
  }
})();

describe("the event log", () => {
  it("stores every payload as an event and returns the same state and text", { timeout: 600_000 }, () => {
    let state: State = initialState;
    for (const payload of payloads) {
      const text = `${payload}${sting}`.toWellFormed().slice(0, 500);
      const submitted = {
        ...life.submitted,
        mission_id: missionIds.next().value,
        title: text.replace(/\s+/g, " ").slice(0, 200),
        criteria: [{ id: "c1", text }],
      };
      if (state === initialState) state = stateAfter("registered", initialState);
      const decision = decide(storyCommand(submitted as never), state);
      expect(decision.kind, payload.slice(0, 80)).toBe("events");
      if (decision.kind !== "events") continue;
      for (const event of decision.events) {
        expect(JSON.parse(canonicalJson(event.data as never))).toEqual(event.data);
        state = evolve(state, { ...event, recorded_at: someInstant });
      }
    }
    expect(Object.keys(state.missions)).toHaveLength(payloads.length);
  });
});

describe("the judgement plane over HTTP", () => {
  it("asks an obedient endpoint about hostile evidence and returns a well-formed verdict", {
    timeout: 300_000,
  }, async () => {
    const models = await openModelServer();
    const obedient = createObedientJudge();
    models.openai = obedient.judge;
    const tried = sample(payloads, 3, seed);
    try {
      for (const payload of tried)
        for (const position of positions) {
          const change = hostileChange(payload, position, "red");
          const bundle = layBundle(resolved, {
            ...contents,
            patch: change.patch,
            "test-matrix": canonicalJson(change.matrix),
          });
          const work = workOf({ family: "openai", bundle, baseUrl: models.address });
          const context = {
            home: resolved,
            secrets: { AEDEV_OPENAI_API_KEY: "k" },
            systemText,
            complain: () => undefined,
            pacing: machinePacing,
          };
          const report = await judgeEvidence(work, context);
          expect(["pass", "inconclusive"]).toContain(report.verdict.verdict);
          expect(gate(honestFix({ checks: summarizeChecks(change.matrix) })).answer).toBe("hold");
        }
      expect(obedient.prompts.length).toBe(2 * tried.length * positions.length);
    } finally {
      await models.close();
    }
  });
});

function unusedTask(details: ReturnType<typeof taskDetails>): TaskReading {
  const used = sumUsage([], {});
  return {
    ...details,
    ...{ used, earlier_verdicts_used: used, criteria_judged: [] },
    run_details: details.run_details.map((run) => ({ ...run, used })),
    verdicts: details.verdicts.map((verdict) => ({ ...verdict, used })),
  };
}
