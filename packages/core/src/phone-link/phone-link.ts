/**
 * Decides about links that submit missions from a phone, and applies their events: a link is made, used, revoked. A link approves nothing. ADR 0027.
 *
 * Folder: links with which a phone submits missions: made, used, revoked.
 */
import { type Command, type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { FoldedEvent } from "../model/event.ts";
import { authorOfLink, linkOfAuthor, type PhoneLinkState } from "../model/person-state.ts";
import { isUndecided, type State, type SystemState } from "../model/state.ts";
import { refuseRemoved } from "../operator/operators.ts";

type LinkCommand = CommandOf<"MakePhoneLink" | "RevokePhoneLink" | "SubmitByLink">;
type LinkEvent = Extract<FoldedEvent, { type: "PhoneLinkMade" | "PhoneLinkRevoked" }>;
/** `decide` itself, passed in: a submission is the command that the terminal would send. */
type Decide = (command: Command, state: State) => Decision;

const stream = "system";
/** The most links that work at a time: each of them is a secret that somebody keeps. */
const openLinksMax = 5;
/** The most revoked links that are remembered until they expire, so that their pages can say so. */
const revokedKeptMax = 20;
/** The most missions from phones that wait for a person's decision, so that somebody who finds a link can't bury other missions. */
const waitingMissionsMax = 20;

export function decidePhoneLink(command: LinkCommand, state: State, decide: Decide): Decision {
  switch (command.kind) {
    case "MakePhoneLink":
      return makeLink(command, state);
    case "RevokePhoneLink": {
      const link = phoneLink(state.system, command.link_id);
      if (link === undefined)
        return refuse("unknown-phone-link", `there is no phone link ${command.link_id}`, "aedev phone list");
      if (link.revoked) return events();
      return events({ stream, type: "PhoneLinkRevoked", data: { ...deciderOf(command), link_id: link.link_id } });
    }
    case "SubmitByLink": {
      const { command_id, at } = command;
      return (
        refuseSubmission(command, state) ??
        decide({ ...command.mission, command_id, actor: authorOfLink(command.link_id), at }, state)
      );
    }
  }
}

function makeLink(command: CommandOf<"MakePhoneLink">, state: State): Decision {
  const { link_id, expires_at, at } = command;
  const open = (state.system.phone_links ?? []).filter((link) => phoneLinkStatus(state.system, link, at) === "open");
  if (open.length >= openLinksMax)
    return refuse(
      "too-many-links",
      `${open.length} phone links work already, which is the limit`,
      `aedev phone revoke ${open[0]?.link_id}`,
    );
  const { epoch } = state.system;
  const data = { ...deciderOf(command), link_id: link_id as PhoneLinkState["link_id"], expires_at, epoch };
  return events({ stream, type: "PhoneLinkMade", data });
}

function refuseSubmission({ link_id, at }: CommandOf<"SubmitByLink">, { system, missions }: State): Refusal | null {
  const link = phoneLink(system, link_id);
  if (link === undefined || phoneLinkStatus(system, link, at) !== "open")
    return refuse("phone-link-closed", "this link no longer works", "aedev phone link");
  const waiting = Object.values(missions).filter((mission) => isUndecided(mission) && isFromPhone(mission));
  if (waiting.length < waitingMissionsMax) return null;
  return refuse(
    "too-many-missions",
    `${waiting.length} missions that were submitted from a phone wait for a decision, which is the limit`,
    "aedev status",
  );
}

/** The link with this id; undefined if it was never made, or expired and was forgotten. */
export function phoneLink(system: SystemState, linkId: string): PhoneLinkState | undefined {
  return system.phone_links?.find(({ link_id }) => link_id === linkId);
}

/** The link's status at `now` (ISO 8601 UTC). A link of an earlier epoch of the home has expired. */
export function phoneLinkStatus(
  system: SystemState,
  link: PhoneLinkState,
  now: string,
): "open" | "revoked" | "expired" {
  // A link ends with the operator who made it.
  if (link.revoked || refuseRemoved({ actor: link.by }, { system }) !== null) return "revoked";
  return link.expires_at > now && link.epoch === system.epoch ? "open" : "expired";
}

/** Whether a phone submitted the mission, so that nobody waits at a terminal. */
export function isFromPhone({ author }: { readonly author: string }): boolean {
  return linkOfAuthor(author) !== null;
}

/** The system after one of these events. Expired links are dropped when a new one is made. */
export function evolvePhoneLinks(system: SystemState, event: LinkEvent): SystemState {
  const links = system.phone_links ?? [];
  if (event.type === "PhoneLinkRevoked") {
    const { link_id } = event.data;
    return {
      ...system,
      phone_links: links.map((link) => (link.link_id === link_id ? { ...link, revoked: true } : link)),
    };
  }
  const left = links.filter(({ expires_at }) => expires_at > event.recorded_at);
  const revoked = left.filter((link) => link.revoked).slice(-revokedKeptMax);
  const kept = left.filter((link) => !link.revoked || revoked.includes(link));
  return { ...system, phone_links: [...kept, { ...event.data, made_at: event.recorded_at, revoked: false }] };
}
