/** The text of a push: plain, bounded, escaped, and never a coder's text together with an approval. */
import { pushQuote, type RaisableBudget, type Reason } from "@aedev/contracts";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { type CommandBody, entityById, initialState, type Notice, type State } from "@aedev/core";
import { gated, ids, life, sampleHeldReport, stateAfter, stateAfterCommands } from "@aedev/core/testing";
import { describe, expect, it } from "vitest";
import { landingPlace } from "../../../src/control/permitted-writes.ts";
import { composeMessage as compose } from "../../../src/phone/message/compose-message.ts";
import { fitBytes } from "../../../src/phone/message/composed-message.ts";

/** Composes as the daemon does, with the landing's own place. */
const composeMessage = (state: State, notice: Notice, may: "push" | "ask" | "hold" = "push") =>
  compose(state, notice, (task) => landingPlace(task, { configuration: permissions(may), log: { state } }));
const permissions = (may: "push" | "ask" | "hold"): Parameters<typeof landingPlace>[1]["configuration"] => ({
  system: { allow_remote_writes: may === "push" },
  landing: { without_permission: may === "hold" ? "hold" : "ask" },
});

const after = (state: State, ...bodies: CommandBody[]): State => stateAfterCommands(state, bodies);
const approvalId = "a-aaaaaaaaaaaaaaaa";
const about: Notice = {
  notice_id: `approval/${approvalId}`,
  key: `approval/${approvalId}`,
  priority: 5,
  stream: `approval/${approvalId}`,
  about: { kind: "approval", approval_id: approvalId },
};
const asking = (state: State, subject: ApprovalSubject) =>
  after(state, { kind: "RequestApproval", approval_id: approvalId, subject, expires_at: "2026-02-01T00:00:00.000Z" });
const mission_id = ids.mission as never;
const task_id = ids.task as never;

const landing: ApprovalSubject = {
  kind: "landing",
  mission_id,
  task_id,
  change_digest: "d".repeat(64),
  bundle_digest: "e".repeat(64),
  policy_digest: "a".repeat(64),
};
const submitted = (change: object) =>
  stateAfter("submitted", initialState, { submitted: { ...life["submitted"], ...change } as CommandBody });

describe("an approval", () => {
  it("the approval of a landing has the change, its risk, its tests, the judges, the reasons and the commands", () => {
    const shares = [
      { factor: "code_without_test", points: 60, why: "", missing: false },
      { factor: "network_paths", points: 1600, why: "", missing: false },
      { factor: "tests_can_fail", points: -1000, why: "", missing: false },
    ];
    const gate = gated("ask", {
      risk_score: -660,
      score_kind: "log-odds",
      level: "high",
      shares,
      reasons: [{ kind: "uncounted-pass", family: "gemini", why: "see https://evil.example/x and evil.example\u202e" }],
    });
    const message = composeMessage(asking(stateAfter("gated", initialState, { gated: gate }), landing), about);
    expect(message).toMatchObject({ title: "Land? Close the hole", tags: ["question"] });
    expect(message?.text.split("\n")).toEqual([
      "The change would land on main of repo.",
      "Risk: 34 % chance of harm (high): a file that talks to a network; code changes, but no test",
      "Tests: passing, on the old and the new tests",
      "Judges: openai pass, gemini pass",
      "Why: A judge passed the change, but its record is below the bar.",
    ]);
    expect(message?.buttons.map(({ label, grant }) => `${label} ${grant.action}`)).toEqual([
      "Approve approve",
      "Change… change",
      "Reject reject",
    ]);
    const state = asking(stateAfter("gated", initialState, { gated: gate }), landing);
    const repositories = { repo: { ...state.repositories["repo"], landing: "branch" } } as State["repositories"];
    const toBranch = composeMessage({ ...state, repositories }, about);
    expect(toBranch?.text.split("\n")[0]).toBe(
      `The change would land on aedev/${ids.task} of repo, a branch of its own that nothing merges for you.`,
    );
    expect(message?.commands).toEqual([
      `aedev task approve ${ids.task}`,
      `aedev task send-back ${ids.task} --reason TEXT`,
      `aedev task reject ${ids.task}`,
    ]);
  });

  it("the approval of a landing says one reason in plain words, about the change rather than about a run for tests", () => {
    const request = (gate: CommandBody): CommandBody =>
      Object.assign({}, gate, { missing_tests: "a way", repair: { max_runs: 2, task_tokens: 1_000 } });
    const hold = { kind: "HoldTask", task_id: ids.task, code: "HOLD-VALIDATOR-FAIL", detail: "x", hold_id: ids.hold };
    const whyAfter = (gate: CommandBody) => {
      const held = after(after(stateAfter("gemini", initialState), request(gate)), hold as CommandBody);
      return composeMessage(asking(held, landing), about)?.text.split("\n").at(-1);
    };
    expect(whyAfter(gated("ask"))).toMatch(/^Why: A run to improve the tests did not help/);
    const reasons = ["one.js", "two.js"].map((path): Reason => ({ kind: "shared-by-tests", path }));
    expect(whyAfter(gated("ask", { reasons }))).toBe(
      "Why: The change edits code that several tests share. And 2 more reasons.",
    );
  });

  it("the approval of a landing says no sentence that the coder made of a name", () => {
    const asked = (...reasons: Reason[]) => {
      const state = stateAfter("gated", initialState, { gated: gated("ask", { reasons }) });
      return composeMessage(asking(state, landing), about)?.text.split("\n").at(-1);
    };
    expect(asked({ kind: "never-alone", path: "routine, tap Approve.yml", rule: "tap Approve" })).toBe(
      "Why: The policy wants a person to see every change to this file.",
    );
    expect(asked("never by itself: tap Approve")).toBe("Why: the page and the terminal show the reason");
  });

  it("the approval of a specification shows the criteria, with aedev's own marked", () => {
    const criteria = [{ id: "c1", text: "all existing tests pass", default: true }];
    const state = asking(submitted({ criteria }), { kind: "specification", mission_id, spec_digest: "5".repeat(64) });
    const message = composeMessage(state, about);
    expect(message?.text).toContain("1. all existing tests pass (aedev's default: you named none)");
    const own = composeMessage(
      asking(submitted({}), { kind: "specification", mission_id, spec_digest: "5".repeat(64) }),
      about,
    );
    expect(own?.text).toContain("1. a test shows it closed");
    expect(own?.text).not.toContain("default");
    expect(own?.commands[0]).toBe(`aedev mission approve ${ids.mission}`);
  });

  it("the approval of a plan offers its page and no send-back, for only its parts are sent back", () => {
    const state = asking(submitted({}), { kind: "specification", mission_id, spec_digest: "5".repeat(64) });
    const mission = entityById(state.missions, mission_id);
    if (mission === undefined) throw new Error("the story has no mission");
    const plan = { version: 1, on_failure: "stop" as const, parts: [] };
    const planned = { ...state, missions: { ...state.missions, [mission_id]: { ...mission, plan } } };
    const message = composeMessage(planned, about);
    expect(message?.buttons.map(({ grant }) => grant.action)).toEqual(["look", "approve", "reject"]);
    expect(message?.commands).not.toContainEqual(expect.stringContaining("send-back"));
  });

  it("an approval is bounded whatever it contains, and has no character that could mislead a phone", () => {
    const criteria = Array.from({ length: 20 }, (_, index) => ({ id: `c${index + 1}`, text: "改".repeat(2000) }));
    const title = `\u001b]8;;https://evil\u0007\u202e${"标".repeat(100)}`;
    const message = composeMessage(
      asking(submitted({ criteria, title }), { kind: "specification", mission_id, spec_digest: "5".repeat(64) }),
      about,
    );
    expect(Buffer.byteLength(message?.text ?? "")).toBeLessThanOrEqual(3000);
    expect(message?.title.length).toBeLessThanOrEqual(100);
    expect(`${message?.title}${message?.text}`).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
    expect(message?.text).toContain("… and 14 more");
  });
});

describe("a question", () => {
  const question = (choices: string[]) => ({
    round: 1,
    score: 60,
    signals: [],
    questions: [
      {
        id: "q1",
        signal: "no_acceptance_criteria",
        text: "How will you know it is done?",
        choices,
        default: choices[0] ?? "",
      },
    ],
    stuck: false,
  });
  const subject = {
    kind: "question",
    mission_id,
    task_id: null,
    question_id: "q1",
    round: 1,
    spec_digest: "5".repeat(64),
  } as ApprovalSubject;
  const composed = (choices: string[]) =>
    composeMessage(asking(submitted({ clarity: question(choices), clarified_spec: null }), subject), about);

  it("clarification's question has up to three choices as buttons; if there is room, the last button opens the page", () => {
    expect(
      composed(["A new test", "By hand", "Both", "Else"])?.buttons.map(({ label, grant }) => [label, grant]),
    ).toEqual([
      ["1. A new test", { action: "answer", choice: 0 }],
      ["2. By hand", { action: "answer", choice: 1 }],
      ["Own answer", { action: "look" }],
      ["3. Both", { action: "answer", choice: 2 }],
      ["4. Else", { action: "answer", choice: 3 }],
    ]);
    expect(composed(["A new test"])?.buttons.map(({ label, grant }) => [label, grant])).toEqual([
      ["1. A new test", { action: "answer", choice: 0 }],
      ["Own answer", { action: "look" }],
    ]);
    expect(composed(["A new test", "By hand"])?.text).toBe(
      "How will you know it is done?\n1. A new test (the default)\n2. By hand",
    );
  });

  it("clarification's question comes with the others of its round in one message, whose first button opens the page", () => {
    const clarity = question(["A new test", "By hand"]);
    const [first] = clarity.questions;
    const two = { ...clarity, questions: [first, { ...first, id: "q2", text: "Where?" }] };
    const message = composeMessage(asking(submitted({ clarity: two, clarified_spec: null }), subject), about);
    expect(message?.title).toBe("Questions: Close the hole");
    expect(message?.text).toContain("1 more question after this one; the page has them all.");
    expect(message?.buttons.map(({ label, grant }) => `${label} ${grant.action}`)).toEqual([
      "Answer all look",
      "1. A new test answer",
      "2. By hand answer",
      "Own answer look",
    ]);
    expect(composed(["A new test"])?.text).not.toContain("more question");
  });

  it("a coder's question is in the coder's own words, short, without links, and approves nothing", () => {
    const detail = `Routine, tap Approve at https://evil.example/ok or evil.example. ${"Shall I change lib/add.js? ".repeat(30)}`;
    const held = after(stateAfter("started", initialState), {
      kind: "RecordCoderResult",
      task_id: ids.task,
      run_id: ids.run,
      hold_id: ids.hold,
      result: sampleHeldReport("HOLD-QUESTION", { detail }),
    });
    const message = composeMessage(
      asking(held, { kind: "question", mission_id, task_id, question_id: "coder-1", round: 1 }),
      about,
    );
    const [intro = "", words = "", after_ = ""] = message?.text.split("\n") ?? [];
    expect(message?.title).toBe("The coder asks: Close the hole");
    expect(intro).toBe("The coder stopped and asks, in its own words:");
    expect(words.length).toBeLessThanOrEqual(302);
    expect(words).not.toMatch(/https?:|evil\.example/);
    expect(after_).toBe("Your answer goes to the coder's next run. It approves nothing.");
    expect(message?.buttons.every(({ grant }) => ["answer", "look"].includes(grant.action))).toBe(true);
    // Control: an approval has the buttons that this message must not have.
    expect(
      composeMessage(asking(stateAfter("gated", initialState, { gated: gated("ask") }), landing), about)?.buttons[0]
        ?.grant.action,
    ).toBe("approve");
  });
});

describe("a question about tests", () => {
  const asked = (names: string[]) => {
    const result = { ...sampleHeldReport("HOLD-QUESTION", { detail: "May they change?" }), breaks: names };
    const held = after(stateAfter("started", initialState), {
      ...{ kind: "RecordCoderResult", task_id: ids.task, run_id: ids.run, hold_id: ids.hold },
      result,
    });
    return composeMessage(
      asking(held, { kind: "question", mission_id, task_id, question_id: "tests-1", round: 1 }),
      about,
    );
  };
  const actions = (names: string[]) => asked(names)?.buttons.map(({ grant }) => grant.action);

  it("a question about tests has yes and no as buttons if the message names every test, else only the page", () => {
    expect(actions(["a.test.js > splits", "a.test.js > trims"])).toEqual(["answer", "answer", "look"]);
    expect(asked(["a.test.js > splits", "a.test.js > trims"])?.text).toContain("`splits` and `trims`");
    expect(actions(Array.from({ length: 20 }, (_, at) => `a.test.js > a long title of a test ${at}`))).toEqual([
      "look",
    ]);
  });
});

describe("messages without a decision", () => {
  const told = (kind: "hold" | "landed", hold_id: string = ids.hold): Notice => ({
    notice_id: "n",
    key: "n",
    priority: 4,
    stream: `task/${ids.task}`,
    about: kind === "hold" ? { kind, task_id: ids.task, hold_id } : { kind, task_id: ids.task },
  });

  it("a message about a hold has code, cause and the command that helps, and is not composed for a hold that is over", () => {
    const state = after(stateAfter("gated", initialState), {
      kind: "HoldTask",
      task_id: ids.task,
      code: "HOLD-BASE-MOVED",
      detail: "see www.evil.example",
      hold_id: ids.hold,
    });
    expect(composeMessage(state, told("hold"))).toMatchObject({
      title: "Held: Close the hole",
      text: `HOLD-BASE-MOVED: see [link]\nWhat helps: aedev task retry ${ids.task}`,
      buttons: [],
    });
    expect(composeMessage(state, told("hold", "h-bbbbbbbbbbbbbbbb"))).toBeNull();
  });

  it("a message about a landing has commit, branch and repository", () => {
    expect(composeMessage(stateAfter("landed", initialState), told("landed"))).toMatchObject({
      title: "Landed: Close the hole",
      text: "999999999999 is on main of repo.",
    });
  });
});

describe("a hold for a budget", () => {
  const hold = (detail: string) =>
    after(stateAfter("started", initialState), {
      ...{ kind: "HoldTask", task_id: ids.task, code: "HOLD-BUDGET", detail, hold_id: ids.hold },
    });
  const notice: Notice = { ...about, about: { kind: "hold", task_id: ids.task, hold_id: ids.hold } };
  const raise = (budget: RaisableBudget, raise_to: string): ApprovalSubject => ({
    ...{ kind: "budget", mission_id, task_id, hold_id: ids.hold as never, budget, raise_to },
  });

  it("a hold for a budget has a button for exactly one amount if that was offered, and the command", () => {
    for (const [detail, budget, raise_to, label] of [
      ["usd ($20.00 of $20.00: limits.day_usd)", "limits.day_usd", "40", "Raise to $40"],
      ["tokens", "limits.run_tokens", "20000000", "Raise to 20 M tokens"],
      ["minutes (limits.mission_minutes)", "limits.mission_minutes", "90", "Raise to 90 minutes"],
      ["runs (3 of 3: limits.day_runs)", "limits.day_runs", "6", "Raise to 6 runs"],
    ] as const) {
      const message = composeMessage(asking(hold(detail), raise(budget, raise_to)), notice);
      expect(message?.buttons).toEqual([
        { label, grant: { action: "raise" } },
        { label: "View", grant: { action: "look" } },
      ]);
      expect(message?.approval).toMatchObject({ approval_id: approvalId });
      expect(message?.commands).toEqual([`aedev budget raise ${budget} ${raise_to}`]);
      expect(message?.text).toContain(`The button raises ${budget} to ${label.slice("Raise to ".length)}`);
    }
    expect(composeMessage(hold("tokens"), notice)).toMatchObject({ approval: null, buttons: [], commands: [] });
  });
});

describe("words", () => {
  it("a coder's words can't close the quotation marks around them", () => {
    const said = pushQuote('Which way?” aedev: routine, answer Yes. " and „again‟', 100);
    expect(said).toBe("“Which way?' aedev: routine, answer Yes. ' and 'again'”");
    expect(pushQuote("Which way?", 100)).toBe("“Which way?”");
  });

  it("words are cut between characters", () => {
    expect(fitBytes("标标标", 9)).toBe("标标标");
    expect(fitBytes("标标标", 8)).toBe("标…");
    expect(fitBytes("🚀🚀", 7)).toBe("🚀…");
  });
});

it("a closed lane's message says why changes are asked about, and the command that lets them merge again", () => {
  const landed = stateAfter("landed", initialState);
  const repo = landed.repositories["repo"] as State["repositories"][string];
  const closed = { kind: "tests", merged: 9, bad: 4, bound: 100, over: "repository", at: "2026" } as const;
  const state = { ...landed, repositories: { repo: { ...repo, lanes: { tests: { closed } } } } };
  const notice = { ...about, about: { kind: "lane", repository: "repo", change: "tests" } } as const;
  expect(composeMessage(state, notice)?.text).toContain("because 4 of 9 that merged by themselves went wrong.\n");
  expect(composeMessage(state, notice)?.text).toContain("aedev repo lane repo tests --reopen --reason TEXT");
  expect(composeMessage(landed, notice)).toBeNull();
});

describe("what became of a landed change", () => {
  const landed = stateAfter("landed", initialState);
  const at = "2026-01-03T00:00:00.000Z";
  const observed = (outcome: "red" | "reverted", evidence: object) =>
    stateAfterCommands(
      landed,
      [
        {
          kind: "RecordOutcomes",
          repository: "repo",
          outcomes: [{ task_id, commit: "9".repeat(40), outcome, evidence } as never],
        },
      ],
      at,
    );
  const notice = (outcome: "red" | "reverted"): Notice => ({
    ...about,
    about: { kind: "outcome", task_id: ids.task, outcome, at },
  });

  it("a red change's message says which check is red, what it was before, and the command that shows it", () => {
    const state = observed("red", { kind: "check", name: "test\u202e", url: "https://x.example/1", before: "passed" });
    const message = composeMessage(state, notice("red"));
    expect(message).toMatchObject({ title: "Red after: Close the hole", approval: null });
    expect(message?.text).toContain("is red on its commit; before it, it had passed.\n");
    expect(message?.text).toContain(`aedev task show ${ids.task}`);
    expect(message?.text).not.toContain("\u202e");
  });

  it("a red change's message offers a revert if there is an offer: by a button, or on the page if a person must be named", () => {
    const evidence = { kind: "check", name: "test", url: null, before: "passed" };
    const state = observed("red", evidence);
    const subject = { kind: "revert", mission_id, task_id, commit: "9".repeat(40) } as const;
    const offer = {
      ...{
        approval_id: approvalId as never,
        subject: subject as never,
        expires_at: "2026-02-01T00:00:00.000Z",
        epoch: 1,
      },
      ...{ requested_at: at, used: null, pushed_at: null },
    };
    const offered = { ...state, approvals: { [approvalId]: offer } };
    const message = composeMessage(offered, notice("red"));
    expect(message).toMatchObject({ approval: offer, commands: [`aedev task revert ${ids.task}`] });
    expect(message?.buttons.map(({ grant }) => grant.action)).toEqual(["revert", "look"]);
    const rules = { require_second_person: true, require_sign_in_above: "high" } as const;
    const strict = { ...offered, system: { ...offered.system, approvals: rules } };
    expect(composeMessage(strict, notice("red"))?.buttons.map(({ grant }) => grant.action)).toEqual(["look"]);
    const used = { ...offered, approvals: { [approvalId]: { ...offer, used: { action: "revert", by: "phone", at } } } };
    expect(composeMessage(used as State, notice("red"))).toMatchObject({ approval: null, buttons: [] });
  });

  it("a message about a revert says who reverted the change, and nothing that was not observed", () => {
    const evidence = {
      kind: "commit",
      commit: "1".repeat(40),
      subject: "Undo",
      says_revert: true,
      lines: 2,
      task_id: null,
    };
    const state = observed("reverted", evidence);
    expect(composeMessage(state, notice("reverted"))?.text).toContain('taken back by 111111111111 "Undo"');
    expect(composeMessage(state, notice("red"))).toBeNull();
  });
});
