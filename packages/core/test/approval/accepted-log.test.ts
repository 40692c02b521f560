/** Accepting a log that was not trusted, and restoring a backup: both start a new epoch, in which no earlier approval can be used. */
import { expect, it } from "vitest";
import { approvalStatus, openSubjects } from "../../src/approval/approval-status.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { entityById, type State } from "../../src/model/state.ts";
import { someInstant } from "../../src/testing/index.ts";
import { after, approvalId, asking, landing, request } from "./asked.ts";

const accept = (epoch: number): CommandBody => ({
  kind: "AcceptLog",
  epoch,
  position: 3,
  hash: "0".repeat(64),
  reason: "restored",
  faults: [{ kind: "verification", position: 2, row: null, what: "changed" }],
});
const restore = (epoch: number): CommandBody => ({
  kind: "RestoreHome",
  epoch,
  position: 3,
  hash: "0".repeat(64),
  backed_up_at: someInstant,
});
const statusOf = (state: State, letter: string) => {
  const approval = entityById(state.approvals, approvalId(letter));
  return approval === undefined ? "there is none" : approvalStatus(state, approval, someInstant);
};

it.each([
  { name: "an acceptance", command: accept },
  { name: "a restored backup", command: restore },
])("$name voids every open approval; open questions stay open, and a new approval can be requested", ({ command }) => {
  const requested = after(asking.landing, [request(landing)]);
  expect(statusOf(requested, "a")).toBe("open");
  const accepted = after(requested, [command(requested.system.epoch + 1)]);
  expect(accepted.system.epoch).toBe(requested.system.epoch + 1);
  expect(statusOf(accepted, "a")).toBe("expired");
  expect(openSubjects(accepted)).toEqual([landing]);
  const again = after(accepted, [request(landing, "b")]);
  expect(statusOf(again, "b")).toBe("open");
});

it("refuses an acceptance or a restored backup whose epoch is not new", () => {
  const { epoch } = asking.landing.system;
  for (const command of [accept, restore]) {
    expect(() => after(asking.landing, [command(epoch)])).toThrow(/not-valid/);
    expect(after(asking.landing, [command(epoch + 1)]).system.epoch).toBe(epoch + 1);
  }
});
