/** A browser session works until it expires or is ended, and ends with its person. */
import { describe, expect, it } from "vitest";
import type { Command, CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { browserSessions, roleOfSession } from "../../src/operator/browser-sessions.ts";
import { given, someInstant, stateAfter, stateAfterCommands, storyCommand } from "../../src/testing/index.ts";

const later = "2026-01-02T15:04:05.678Z";
const idOf = (letter: string) => `b-${letter.repeat(16)}`;
const start = (letter = "a", { view_only = false, expires_at = later } = {}): CommandBody => ({
  kind: "StartBrowserSession",
  session_id: idOf(letter),
  token_digest: "0".repeat(64),
  ...{ view_only, expires_at },
});
const end = (letter = "a"): CommandBody => ({ kind: "EndBrowserSession", session_id: idOf(letter) });
const by = (body: CommandBody, actor: string) => ({ ...storyCommand(body), actor }) as Command;
const registered = stateAfter("registered", initialState);
const after = (...bodies: CommandBody[]): State => stateAfterCommands(registered, bodies);
const open = (state: State, now = someInstant) => browserSessions(state, now).map(({ session_id }) => session_id);
const addAnna: CommandBody = {
  kind: "AddOperator",
  name: "anna",
  role: "operator",
  token_digest: "1".repeat(64),
  github_login: null,
  is_owner: false,
};

describe("a browser session", () => {
  it("works until its instant, until it is ended, and only in its epoch", () => {
    expect(open(after(start()))).toEqual([idOf("a")]);
    expect(open(after(start()), later)).toEqual([]);
    expect(open(after(start(), start("b"), end()))).toEqual([idOf("b")]);
    const restored = after(start());
    expect(open({ ...restored, system: { ...restored.system, epoch: restored.system.epoch + 1 } })).toEqual([]);
  });

  it("is ended once, and only if it was started", () => {
    given([], after(start()))
      .when(storyCommand(end()))
      .then("BrowserSessionEnded")
      .when(storyCommand(end()))
      .thenRefused("unknown-browser-session");
  });

  it("has its person's role, or a viewer's if it only reads", () => {
    const [own, view] = browserSessions(after(start(), start("b", { view_only: true })), someInstant);
    if (own === undefined || view === undefined) throw new Error("two sessions were started");
    const state = after(addAnna);
    expect([roleOfSession(state, own), roleOfSession(state, view)]).toEqual(["admin", "viewer"]);
    expect(roleOfSession(state, { ...own, by: "operator:anna" })).toBe("operator");
    expect(roleOfSession(state, { ...own, by: "operator:nobody-known" })).toBe("viewer");
  });

  it("ends with its operator, and a later operator of the same name does not revive it", () => {
    const signedIn = given([], after(addAnna)).when(by(start(), "operator:anna")).then("BrowserSessionStarted").state;
    expect(open(signedIn)).toEqual([idOf("a")]);
    const removed = stateAfterCommands(signedIn, [{ kind: "RemoveOperator", name: "anna" }]);
    expect(open(removed)).toEqual([]);
    expect(open(stateAfterCommands(removed, [addAnna]))).toEqual([]);
  });

  it("is refused if too many are open; an expired one makes room", () => {
    const letters = Array.from({ length: 50 }, (_, at) => String.fromCharCode(97 + (at % 26)) + (at < 26 ? "" : "1"));
    const all = letters.map(
      (letter) => ({ ...start(letter), session_id: `b-${letter.padEnd(16, "0")}` }) as CommandBody,
    );
    given([], after(...all))
      .when(storyCommand(start("z")))
      .thenRefused("too-many-browsers");
    given([], after(...all.slice(1)))
      .when(storyCommand(start("z")))
      .then("BrowserSessionStarted");
  });
});
