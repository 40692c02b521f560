/** A link that submits missions from a phone: its token, whether it works, and the mission that its form makes. ADR 0027. */
import { createHmac } from "node:crypto";
import {
  criteriaMax,
  Fault,
  missionTextCharactersMax,
  type NewMissionPage,
  type ReturnedForm,
  statusText,
} from "@aedev/contracts";
import { unitLines } from "@aedev/contracts/words";
import { entityById, type PhoneLinkState, phoneLink, phoneLinkStatus } from "@aedev/core";
import { refuseSubmission, submissionCommand } from "../../clarification/submission.ts";
import { makeCommand, newNonce } from "../../control/control.ts";
import type { Blobs, Home, Mirrors, Records, Rules } from "../../control/parts.ts";
import { type FilledForm, saidIn } from "./question-form.ts";
import { approvalKey, signedPayload, verifiedPayload } from "./token.ts";
import type { Deciding } from "./use-token.ts";

/** The link's address below the public one; no approval has this id. */
export const newMissionPath = "/a/new";
const payloadShape = /^link\.(l-[0-9a-z]{10,32})\.([0-9a-z]{1,11})\.([0-9]{1,9})$/;
const requestShape = /^[0-9a-f]{32}$/;

/** A link that passed every check that gives a 403, and whether it works. */
export interface LinkClaim {
  readonly link: PhoneLinkState;
  readonly status: "open" | "revoked" | "expired";
}
/** The result of a form. `422`: the form is shown again. */
export type Submission =
  | { readonly status: 200; readonly missionId: string }
  | { readonly status: 410; readonly message: string }
  | { readonly status: 422; readonly returned: ReturnedForm };

/** The same link makes the same token, which is in no file and no event. */
export function mintLinkToken(key: Buffer, { link_id, expires_at, epoch }: PhoneLinkState): string {
  return signedPayload(key, `link.${link_id}.${Date.parse(expires_at).toString(36)}.${epoch}`);
}

/** The address that a person opens. */
export function phoneLinkAddress(home: string, publicUrl: string, link: PhoneLinkState): string {
  return `${publicUrl}${newMissionPath}?token=${mintLinkToken(approvalKey(home), link)}`;
}

/** The link of a valid token, else null. The MAC is checked before the log is read. */
export function linkClaimOf(control: Home & Records, token: unknown): LinkClaim | null {
  const payload = verifiedPayload(approvalKey(control.home), token);
  const [, linkId, expiry, epoch] = payload === null ? [] : (payloadShape.exec(payload) ?? []);
  const { system } = control.log.state;
  const link = linkId === undefined ? undefined : phoneLink(system, linkId);
  if (link === undefined || String(link.epoch) !== epoch) return null;
  if (Date.parse(link.expires_at).toString(36) !== expiry) return null;
  return { link, status: phoneLinkStatus(system, link, new Date().toISOString()) };
}

/** The page with an empty form, or with the text that was typed into it. */
export function newMissionPage(
  control: Home & Records,
  { link }: LinkClaim,
  returned: ReturnedForm | null = null,
): NewMissionPage {
  return {
    repositories: Object.keys(control.log.state.repositories).toSorted(),
    token: mintLinkToken(approvalKey(control.home), link),
    request: newNonce(),
    expires_at: link.expires_at,
    returned,
  };
}

/** Submits the form. Sending it again, by a second tap or after a lost answer, gives the same mission. */
export async function submitByLink(
  control: Deciding & Mirrors,
  claim: LinkClaim,
  form: FilledForm,
): Promise<Submission> {
  if (claim.status !== "open") return { status: 410, message: closedTexts[claim.status] };
  const { link_id } = claim.link;
  const problem = await problemOf(control, form);
  if (problem !== null) return { status: 422, returned: problem };
  const request = form.get("request") ?? "";
  const id = createHmac("sha256", approvalKey(control.home))
    .update(`mission.${link_id}.${requestShape.test(request) ? request : newNonce()}`)
    .digest("hex")
    .slice(0, 32);
  const missionId = `m-${id}`;
  // The first answer stands, whatever a second form of the same page says.
  if (entityById(control.log.stateWith({ missions: [missionId] }).missions, missionId) !== undefined)
    return { status: 200, missionId };
  const mission = await missionOf(control, form, missionId);
  if ("problem" in mission) return { status: 422, returned: mission };
  const answer = await control.log.submit(
    makeCommand({ kind: "SubmitByLink", link_id, mission }, `phone/${link_id}`, id),
  );
  if (answer.kind !== "refused") return { status: 200, missionId };
  if (answer.code === "phone-link-closed") return { status: 410, message: `${answer.reason}.` };
  if (answer.same === undefined) return { status: 422, returned: returnedForm(form, answer.reason) };
  // A holder of the link learns nothing about the remote.
  const { mission_id, status } = answer.same;
  const said = `mission ${mission_id} has the same text already: ${statusText(status)}`;
  return { status: 422, returned: { ...returnedForm(form, said), again: true } };
}

/** The texts of a page about a link that no longer works. */
export const closedTexts = {
  revoked: "This link was revoked; nothing was submitted.",
  expired: "This link has expired; nothing was submitted. `aedev phone link` makes a new one.",
} as const;

async function problemOf(control: Records & Rules, form: FilledForm): Promise<ReturnedForm | null> {
  const { text, criteria } = writtenIn(form);
  const repository = form.get("repo") ?? "";
  if (entityById(control.log.state.repositories, repository) === undefined)
    return returnedForm(form, "choose one of the repositories");
  if (text === "") return returnedForm(form, "write what you want done");
  if (text.length > missionTextCharactersMax || criteria.some((one) => one.length > missionTextCharactersMax))
    return returnedForm(form, `a text can have at most ${missionTextCharactersMax} characters`);
  if (criteria.length > criteriaMax) return returnedForm(form, `at most ${criteriaMax} lines say when it is done`);
  const refused = await refuseSubmission(control, { text, criteria });
  if (refused !== null)
    return refused.code === "secret-in-text"
      ? { problem: refused.reason, fields: { repo: repository } }
      : returnedForm(form, refused.reason);
  return null;
}

/** The mission, or a 422 for text that a specification can't hold, such as a line that is too long. */
async function missionOf(
  control: Blobs & Mirrors & Records & Rules,
  form: FilledForm,
  mission_id: string,
): Promise<Awaited<ReturnType<typeof submissionCommand>>["command"] | ReturnedForm> {
  const repository = form.get("repo") ?? "";
  try {
    const given = {
      ...writtenIn(form),
      mission_id,
      repository,
      priority: "normal" as const,
      after: [],
      again: form.has("again"),
    };
    return (await submissionCommand(control, given)).command;
  } catch (error) {
    if (error instanceof Fault) return returnedForm(form, error.message);
    throw error;
  }
}

function returnedForm(form: FilledForm, problem: string): ReturnedForm {
  return { problem, fields: Object.fromEntries(form) };
}

/** Each line of the second text is a criterion. */
function writtenIn(form: FilledForm): { text: string; criteria: string[] } {
  const criteria = unitLines(form.get("criteria") ?? "").flatMap((line) => saidIn(line) ?? []);
  return { text: saidIn(form.get("text")) ?? "", criteria };
}
