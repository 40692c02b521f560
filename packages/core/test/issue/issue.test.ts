/** A mission from an issue: one for each label, the content of its comments over time, and which answers count. */
import { describe, expect, it } from "vitest";
import {
  dueComments,
  evolve,
  initialState,
  issueCommentText,
  missionDocument,
  openPart,
  pendingWork,
  type State,
} from "../../src/index.ts";
import { given, ids, life, stateAfter, storyCommand } from "../../src/testing/index.ts";

const second = "m-bbbbbbbbbbbbbbbb";
const originOf = (labeled_event: number) => ({
  github: {
    issue: 12,
    url: "https://github.com/acme/shop/issues/12",
    labeled_event,
    labeled_at: "2026-01-01T00:00:00.000Z",
    by: "ann",
    text_digest: "a".repeat(64),
  },
});
const fromIssue = (mission_id: string, labeled_event: number) =>
  ({ ...life["submitted"], mission_id, origin: originOf(labeled_event) }) as never;
const questions = ["acceptance", "place"].map((id) => ({
  id,
  signal: "no_acceptance_criteria" as const,
  text: `What of @bob and #1? (${id})`,
  choices: [],
  default: "a new test passes",
}));
const unclear = {
  ...(fromIssue(ids.mission, 7) as object),
  clarity: { round: 1, score: 60, signals: [], questions, stuck: false },
  clarified_spec: null,
} as never;
const after = (last: keyof typeof life, submitted: object = fromIssue(ids.mission, 7)) =>
  given([], stateAfter(last, initialState, { submitted: submitted as never }));
const missionOf = (state: State) => {
  const mission = state.missions[ids.mission];
  if (mission === undefined) throw new Error("no mission");
  return mission;
};
const due = (state: State) => dueComments(state, missionOf(state)).map(({ slot, key, final }) => [slot, key, final]);
function withCommentsWritten(state: State): State {
  return dueComments(state, missionOf(state)).reduce(
    (known, { slot, key, final }, index) =>
      evolve(known, {
        stream: `mission/${ids.mission}`,
        type: "IssueCommented",
        data: { slot, key, final, comment: 100 + index },
        recorded_at: "2026-01-03T00:00:00.000Z",
      }),
    state,
  );
}

describe("a mission from an issue", () => {
  it("records the origin of a mission from an issue, and none for a person's mission", () => {
    expect(missionDocument(after("submitted").state, ids.mission)?.origin).toEqual({
      issue: 12,
      url: "https://github.com/acme/shop/issues/12",
      by: "ann",
    });
    const own = stateAfter("submitted", initialState);
    expect(missionDocument(own, ids.mission)).not.toHaveProperty("origin");
    expect(pendingWork(own, "2026-01-03T00:00:00.000Z")).toEqual([]);
  });

  it("replaces an unapproved mission of the same issue; a mission under way stays", () => {
    const again = storyCommand(fromIssue(second, 8), "github:ann");
    const replaced = after("submitted").when(again);
    expect(replaced.events.map(({ stream, type }) => [stream, type])).toEqual([
      [`mission/${second}`, "MissionSubmitted"],
      [`mission/${ids.mission}`, "MissionCancelled"],
    ]);
    after("approved").when(again).thenRefused("known-mission");
    after("landed").when(again).then("MissionSubmitted");
    after("submitted")
      .when(storyCommand(fromIssue(ids.mission, 7)))
      .thenRefused("known-mission");
  });
});

describe("a label that made no mission", () => {
  it("records a refused label once, and remembers it when the repository is registered again", () => {
    const command = {
      kind: "RefuseIssue",
      repository: "repo",
      issue: 3,
      labeled_event: 5,
      by: "eve",
      why: "no-write-access",
      detail: null,
    } as const;
    const recorded = given([], stateAfter("registered", initialState)).when(storyCommand(command)).then("IssueRefused");
    recorded.when(storyCommand(command)).then();
    recorded.when(storyCommand({ ...command, labeled_event: 6 })).then("IssueRefused");
    const registered = recorded.when(storyCommand(life["registered"] as never)).then("RepositoryConfigured");
    registered.when(storyCommand(command)).then();
    given([], initialState).when(storyCommand(command)).thenRefused("unknown-repository");
  });
});

describe("the comments on an issue", () => {
  it("comments an issue's questions and progress until the mission ends", () => {
    expect(due(after("submitted", unclear).state)).toEqual([
      ["questions-1", "open/acceptance/place", false],
      ["progress", "clarifying", false],
    ]);
    const steps = ["submitted", "approved", "started", "sealed", "landing", "landed"] as const;
    expect(steps.map((step) => due(after(step).state)[0]?.[1])).toEqual([
      "awaiting_approval",
      "approved",
      "running/1",
      "judging",
      "judging",
      `landed/${"9".repeat(40)}`,
    ]);
  });

  it("makes each comment due once, and reports the end before the mission leaves the state", () => {
    const landed = after("landed").state;
    expect(openPart(landed).missions).toHaveProperty(ids.mission);
    expect(pendingWork(landed, "2026-01-03T00:00:00.000Z").map(({ kind }) => kind)).toEqual(["CommentIssue"]);
    const ended = withCommentsWritten(landed);
    expect(due(ended)).toEqual([]);
    expect(openPart(ended).missions).toEqual({});
    expect(openPart(stateAfter("landed", initialState)).missions).toEqual({});
  });

  it("closes the questions on the issue, and shows why an answer does not count, but not a stranger's", () => {
    const asked = given([], withCommentsWritten(after("submitted", unclear).state));
    const refuse = (comment: number, why: "bad-answer" | "no-write-access") =>
      storyCommand({
        kind: "RefuseIssueAnswer",
        mission_id: ids.mission,
        comment,
        by: "eve",
        why,
        detail: "@ann `no`",
      });
    expect(due(asked.when(refuse(200, "no-write-access")).then("IssueAnswerRefused").state)).toEqual([]);
    const bad = asked.when(refuse(201, "bad-answer")).then("IssueAnswerRefused");
    bad.when(refuse(201, "bad-answer")).then();
    bad.when(refuse(200, "bad-answer")).then();
    expect(due(bad.state)).toEqual([["questions-1", "open/acceptance/place/refused-201", false]]);
    const cancelled = asked
      .when(storyCommand({ kind: "CancelMission", mission_id: ids.mission }))
      .then("MissionCancelled");
    expect(due(cancelled.state)).toEqual([
      ["questions-1", "answered", false],
      ["progress", "cancelled", true],
    ]);
  });

  it("shows every text that aedev did not write as code", () => {
    const hostile = "closes #12, acme/x#1, GH-3, @ann <img src=x> https://github.com/acme/x/issues/1 ```` end";
    const state = after("submitted", unclear).state;
    const texts = dueComments(state, missionOf(state)).map((comment) => issueCommentText(ids.mission, comment));
    const refused = { comment: 5, by: "ann", why: "bad-answer" as const, detail: hostile };
    const rejected = { kind: "rejected" as const, reason: hostile, refused };
    const all = [
      ...texts,
      issueCommentText(ids.mission, { slot: "progress", key: "", final: true, progress: rejected }),
    ];
    expect(all.at(-1)).toContain(hostile);
    for (const text of all) expect(withoutCode(text)).not.toMatch(/@|#\d|GH-|<img|https?:|closes/i);
  });
});

/** Markdown without its blocks and spans of code, as CommonMark delimits them. */
function withoutCode(text: string): string {
  return text.replace(/^(`{3,})text\n.*?\n\1$/gms, "").replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
}
