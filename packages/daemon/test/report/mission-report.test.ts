/** A mission's report as a document and as text: for missions at each end, with valid evidence, with evidence that is not, and with hostile texts. */
import { checksSchema, pathReportSchema, secretReportSchema } from "@aedev/contracts";
import { type MissionReport, missionReportSchema, type ReportSectionName } from "@aedev/contracts/api";
import { type CommandBody, decide, entityById, evolve, initialState, missionDocument } from "@aedev/core";
import { openHolds } from "@aedev/core/reading";
import { blob, gated, ids, life, someInstant, storyCommand } from "@aedev/core/testing";
import { renderMissionReport } from "@aedev/dashboard";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { expect, it } from "vitest";
import type { StoredEvent } from "../../src/log/sqlite/stored-event.ts";
import type { EvidenceFacts, MissionFacts } from "../../src/report/facts.ts";
import { reportMarkdown } from "../../src/report/markdown.ts";
import { missionReport } from "../../src/report/mission-report.ts";
import { happenings } from "../log/lives.ts";

const hostileTitle = "<img src=x onerror=alert(1)> \u001b]0;x\u0007 \u202eevil @octocat [x](https://evil.example) `a";
const step = (name: string, more: object = {}) => ({ ...(life[name] as CommandBody), ...more }) as CommandBody;

const file = { old_mode: "100644", new_mode: "100644", old_id: "1".repeat(40), new_id: "2".repeat(40), binary: false };
const valid: EvidenceFacts = {
  kind: "verified",
  fingerprint: "f".repeat(64),
  manifest: {
    schema: 1,
    parent: null,
    entries: { checks: blob("1"), "path-report": blob("2"), "secret-report": blob("3"), replay: blob("4") },
  },
  entries: {
    checks: checksSchema.parse({
      ...{ status: "green", newly_failing: [], vanished: [], reasons: [] },
      ...{ fail_to_pass: ["adds negative numbers"], pass_to_pass: 2, flaky: ["sometimes"] },
    }),
    "path-report": pathReportSchema.parse({
      files: [{ ...file, path: "lib/add.js", status: "modified", added_lines: 2, deleted_lines: 1 }],
      ...{ renames: [], forbidden: [], unsafe: [], never_by_itself: [] },
    }),
    "secret-report": secretReportSchema.parse({ scanner: "s", findings: [] }),
  },
  unread: new Map([["replay", "its bytes are gone"]]),
};

/** What the log and evidence say after these steps. */
function factsAfter(bodies: readonly CommandBody[], evidence: EvidenceFacts): MissionFacts {
  const events: StoredEvent[] = [];
  let state = initialState;
  for (const body of [step("initialized"), step("registered"), ...bodies]) {
    const decision = decide(storyCommand(body), state);
    if (decision.kind === "refused") throw new Error(`${body.kind}: ${decision.reason}`);
    for (const event of decision.events) {
      const position = events.length + 1;
      const columns = { position, version: position, schema: 1, actor: "operator", command_id: "c", hash: "" };
      const stored = { ...columns, correlation_id: "c", causation_id: null, recorded_at: someInstant, ...event };
      events.push(stored as StoredEvent);
      state = evolve(state, stored);
    }
  }
  const [mission, document] = [entityById(state.missions, ids.mission), missionDocument(state, ids.mission)];
  if (mission === undefined || document === undefined) throw new Error("no mission");
  const ofStream = (stream: string) => events.filter((event) => event.stream === stream);
  const task = entityById(state.tasks, ids.task);
  const hold = openHolds(state)[0] ?? null;
  return {
    ...{ position: events.length, mission, document, untrusted: null, events: ofStream(`mission/${ids.mission}`) },
    tasks: task === undefined ? [] : [{ task, hold, judged: [], evidence, events: ofStream(`task/${ids.task}`) }],
  };
}

const upTo = (last: string, replaced: Record<string, CommandBody> = {}) => {
  const names = Object.keys(life).slice(2);
  return names.slice(0, names.indexOf(last) + 1).map((name) => replaced[name] ?? step(name));
};
function reportAfter(bodies: readonly CommandBody[], evidence: EvidenceFacts = valid): MissionReport {
  const report = missionReport(factsAfter(bodies, evidence));
  expect(missionReportSchema.parse(report)).toEqual(report);
  return report;
}
const statementsOf = (report: MissionReport, name: ReportSectionName) =>
  report.sections.find((section) => section.name === name)?.statements ?? [];
const textsOf = (report: MissionReport, name: ReportSectionName) => statementsOf(report, name).map(({ text }) => text);

it("a landed mission: each section states what log and evidence have, and names what was not measured", () => {
  const report = reportAfter(upTo("landed"));
  expect(report.sections).toHaveLength(10);
  expect(textsOf(report, "summary")).toEqual(
    expect.arrayContaining(["Status: landed", "No person approved the change before it landed."]),
  );
  expect(textsOf(report, "rollback")).toContain(`To take it back: aedev task revert ${ids.task}`);
  expect(textsOf(report, "verification")).toContain(
    "1 test failed before the change and passes with it: adds negative numbers",
  );
  expect(textsOf(report, "reliability")).toContain("Flaky before the change too: sometimes");
  const [secrets] = statementsOf(report, "security");
  expect(secrets).toEqual({
    text: "The scanner s found no secret.",
    known: true,
    evidence: [
      {
        kind: "evidence",
        task_id: ids.task,
        bundle: blob("e").digest,
        entry: "secret-report",
        digest: blob("3").digest,
      },
    ],
  });
  const unknown = statementsOf(report, "verification").filter(({ known }) => !known);
  expect(unknown.map(({ text }) => text)).toEqual(
    expect.arrayContaining([
      "Not measured: the evidence has no entry provenness.",
      "The entry replay can't be read: its bytes are gone",
    ]),
  );
  expect(
    unknown.flatMap(({ evidence }) => evidence).every((one) => one.kind === "evidence" && one.entry === null),
  ).toBe(true);
});

it("checks without results of single tests: nothing is stated about tests, and a begun landing is no result", () => {
  const none = {
    ...{ status: "none", newly_failing: [], vanished: [] },
    fail_to_pass: [],
    pass_to_pass: 0,
    reasons: [],
  };
  if (valid.kind !== "verified") throw new Error("not verified");
  const report = reportAfter(upTo("landing"), {
    ...valid,
    entries: { ...valid.entries, checks: checksSchema.parse(none) },
  });
  const unknown = (name: ReportSectionName) =>
    statementsOf(report, name).flatMap(({ known, text }) => (known ? [] : [text]));
  expect(unknown("verification")).toContain("The checks gave no results of single tests.");
  expect(textsOf(report, "verification").filter((text) => /tests? (?:passes|pass|failed)/.test(text))).toEqual([]);
  expect(unknown("reliability")).toContain("Whether tests are flaky was not measured.");
  expect(unknown("rollback")).toEqual(["A landing has begun; its result is not known yet."]);
});

it("a landed change that is taken back: by which task, and no command to do so again", () => {
  const report = reportAfter([...upTo("landed"), happenings["take it back"] as CommandBody]);
  expect(textsOf(report, "rollback")).toEqual([
    `What landed is commit ${"9".repeat(40)} on main.`,
    "Task t-qqqqqqqqqqqqqqqq of mission m-qqqqqqqqqqqqqqqq is to take it back: asked for by operator",
  ]);
});

it("a mission that is not approved: nothing was found out, and the report says so", () => {
  const report = reportAfter(upTo("submitted"));
  for (const name of ["architecture", "implementation", "verification", "security", "observability"] as const)
    expect(statementsOf(report, name)).toMatchObject([
      { known: false, text: "Nothing was found out about this: no work has started.", evidence: [{ kind: "event" }] },
    ]);
  expect(statementsOf(report, "product_impact")).toMatchObject([{ known: false, evidence: [{ id: "c1" }] }]);
  expect(textsOf(report, "rollback")).toEqual(["Nothing has landed, so there is nothing to take back."]);
});

it("a held mission: the hold, what helps, and what raises the risk", () => {
  const share = { factor: "unwatched", points: 700, why: "no strace", missing: true };
  const held = gated("hold", { hold_code: "HOLD-RISK-HIGH", shares: [share], level: "high" });
  const report = reportAfter(upTo("gated", { gated: held }));
  expect(textsOf(report, "reliability")[0]).toMatch(/^Held with HOLD-RISK-HIGH/);
  expect(textsOf(report, "open_risks")).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Held now with HOLD-RISK-HIGH; what helps: aedev /),
      "Raises the risk, because its input is missing: the base's tests could not be watched: no strace",
      "No judge's answer is kept about c1.",
    ]),
  );
});

it("a mission whose change waits for approval: the gate's reasons; approved, who approved it", () => {
  const asked = gated("ask", { reasons: [{ kind: "never-alone", path: "ci.yml", rule: "ci" }] });
  const waiting = reportAfter(upTo("gated", { gated: asked }));
  expect(textsOf(waiting, "open_risks").join("\n")).toMatch(/The gate's reason: .*ci\.yml/);
  expect(textsOf(waiting, "summary").join("\n")).not.toContain("On the change");
  const approve = { kind: "ApproveLanding", task_id: ids.task, digest: null, way: "terminal" } as CommandBody;
  const approved = reportAfter([...upTo("gated", { gated: asked }), approve]);
  expect(textsOf(approved, "summary")).toContain(
    "On the change, 2026-01-02 03:04 UTC: approved by operator in the terminal",
  );
});

it("evidence that is not valid is not cited; the same evidence, valid, is", () => {
  const cites = (report: MissionReport) => JSON.stringify(report).includes('"kind":"evidence"');
  const broken = reportAfter(upTo("landed"), { kind: "unverified", why: "blob checks: its bytes do not match" });
  expect(cites(broken)).toBe(false);
  expect(statementsOf(broken, "verification")[0]).toMatchObject({
    ...{ known: false, evidence: [{ kind: "event", type: "EvidenceSealed" }] },
    text: "The sealed evidence is not valid, so nothing is cited from it: blob checks: its bytes do not match",
  });
  expect(cites(reportAfter(upTo("landed")))).toBe(true);
});

it("hostile texts are text: in the document, as Markdown and as HTML", () => {
  const report = reportAfter([step("submitted", { title: hostileTitle })]);
  expect(textsOf(report, "summary")[0]).toContain("<img src=x onerror=alert(1)> \\u{1b}]0;x\\u{7} \\u{202e}evil");
  const page = micromark(reportMarkdown(report), {
    ...{ extensions: [gfm()], htmlExtensions: [gfmHtml()] },
    ...{ allowDangerousHtml: true, allowDangerousProtocol: true },
  });
  const html = renderMissionReport(report);
  for (const text of [page, html]) {
    expect(text).not.toMatch(/<(?:img|a)\b/);
    expect(["\u001b", "\u0007", "\u202e"].filter((character) => text.includes(character))).toEqual([]);
    expect(text).toContain("&lt;");
    expect(text).toContain("onerror=alert(1)");
  }
  expect(page).not.toContain("@octocat");
  expect(html).not.toContain("<script");
});
