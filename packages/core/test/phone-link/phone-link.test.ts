/** A phone link submits missions while it works, and does nothing else. */
import { describe, expect, it } from "vitest";
import type { Command, CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { isFromPhone, phoneLink, phoneLinkStatus } from "../../src/phone-link/phone-link.ts";
import {
  given,
  ids,
  life,
  someInstant,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";

const later = "2026-01-02T15:04:05.678Z";
const muchLater = "2026-02-02T03:04:05.678Z";
const linkId = (letter = "a") => `l-${letter.repeat(16)}`;
const make = (letter = "a", expires_at = later): CommandBody => ({
  kind: "MakePhoneLink",
  link_id: linkId(letter),
  expires_at,
});
const revoke = (letter = "a"): CommandBody => ({ kind: "RevokePhoneLink", link_id: linkId(letter) });
const submission = life["submitted"];
if (submission?.kind !== "SubmitMission") throw new Error("the story submits its mission elsewhere");
const submit = (letter = "a", mission_id: string = ids.mission): CommandBody => ({
  kind: "SubmitByLink",
  link_id: linkId(letter),
  mission: { ...submission, mission_id },
});
const at = (body: CommandBody, instant = someInstant) => ({ ...storyCommand(body), at: instant }) as Command;
const registered = stateAfter("registered", initialState);
const after = (...bodies: CommandBody[]): State => stateAfterCommands(registered, bodies);
const from = (...bodies: CommandBody[]) => given([], after(...bodies));
const statusOf = ({ system }: State, letter = "a", now = someInstant) => {
  const link = phoneLink(system, linkId(letter));
  return link === undefined ? "there is none" : phoneLinkStatus(system, link, now);
};

describe("a link", () => {
  it("lets a link work until its instant, until it is revoked, and only in its epoch", () => {
    expect(statusOf(after(make()))).toBe("open");
    expect(statusOf(after(make()), "a", later)).toBe("expired");
    expect(statusOf(after(make(), revoke()))).toBe("revoked");
    expect(statusOf(after(make(), revoke()), "a", later)).toBe("revoked");
    const restored = after(make());
    expect(statusOf({ ...restored, system: { ...restored.system, epoch: restored.system.epoch + 1 } })).toBe("expired");
    expect(statusOf(after(make()), "b")).toBe("there is none");
  });

  it("revokes a link once, and only if it was made", () => {
    from(make()).when(at(revoke())).then("PhoneLinkRevoked").when(at(revoke())).then();
    from(make())
      .when(at(revoke("b")))
      .thenRefused("unknown-phone-link");
  });

  it("limits the number of working links; a revoked or expired link makes room", () => {
    const five = ["a", "b", "c", "d", "e"].map((letter) => make(letter));
    from(...five)
      .when(at(make("f")))
      .thenRefused("too-many-links");
    from(...five, revoke("c"))
      .when(at(make("f")))
      .then("PhoneLinkMade");
    from(...five)
      .when(at(make("f", muchLater), later))
      .then("PhoneLinkMade");
    const renewed = stateAfterCommands(after(...five), [make("f", muchLater)], later);
    expect(renewed.system.phone_links?.map(({ link_id }) => link_id)).toEqual([linkId("f")]);
  });
});

describe("a submission by link", () => {
  it("submits a link's mission under the link's name, and it waits like every other mission", () => {
    const state = after(make(), submit());
    const mission = state.missions[ids.mission];
    expect(mission).toMatchObject({ author: `phone/${linkId()}`, stage: "awaiting_approval", task_ids: [] });
    expect(isFromPhone(mission ?? { author: "" })).toBe(true);
    expect(isFromPhone(after(submission).missions[ids.mission] ?? { author: "phone/" })).toBe(false);
    from(make()).when(at(submit())).then("MissionSubmitted").owes();
  });

  it("refuses a submission by a link that does not work, and one that the terminal would refuse", () => {
    from().when(at(submit())).thenRefused("phone-link-closed");
    from(make(), revoke()).when(at(submit())).thenRefused("phone-link-closed");
    from(make()).when(at(submit(), later)).thenRefused("phone-link-closed");
    from(make())
      .when(at(submit("b")))
      .thenRefused("phone-link-closed");
    from(make(), submit()).when(at(submit())).thenRefused("known-mission");
    const nowhere = { ...submit(), mission: { ...submission, repository: "nobody" } } as CommandBody;
    from(make()).when(at(nowhere)).thenRefused("unknown-repository");
  });

  it("refuses a submission by link while many of them wait; a decision makes room", () => {
    const id = (index: number) => `m-${String(index).padStart(16, "0")}`;
    const many = Array.from({ length: 20 }, (_, index) => submit("a", id(index)));
    from(make(), ...many)
      .when(at(submit()))
      .thenRefused("too-many-missions");
    const reject: CommandBody = { kind: "RejectMission", mission_id: id(3), reason: null };
    from(make(), ...many, reject)
      .when(at(submit()))
      .then("MissionSubmitted");
    from(make(), ...many)
      .when(at(submission))
      .then("MissionSubmitted");
  });
});
