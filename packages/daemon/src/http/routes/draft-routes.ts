/** Drafts over HTTP: ask for one, look at it, accept it. Its run goes on without the client that asked for it. */
import { isFault } from "@aedev/contracts";
import type { MissionClarity } from "@aedev/contracts/api";
import { draftDocument, entityById, type Refusal, refuse } from "@aedev/core";
import { acceptDraftCommand } from "../../clarification/accept-draft-command.ts";
import { type Control, newId } from "../../control/control.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import type { Probes } from "../../planes/probes.ts";
import { draftTokens } from "../../work/draft.ts";
import { clarityDocument } from "./clarity-document.ts";
import { answer, ErrorAnswer, type Handlers, notFound, present, refusal } from "./handler.ts";

/** What of the planes drafts need. */
export type DraftProbes = Pick<Probes, "hasCredential">;

export function draftRoutes(control: Control, probes: DraftProbes) {
  const unknown = (id: string) => notFound("mission", id, "aedev mission list");
  const missionOf = (id: string) => entityById(control.log.stateWith({ missions: [id] }).missions, id);
  return {
    async requestDraft({ params: { id } }) {
      if (missionOf(id) === undefined) return unknown(id);
      const tokens = await grantedTokens(control, probes);
      return typeof tokens === "number" ? startDraft(control, id, tokens) : refusal(tokens);
    },
    async showDraft({ params: { id } }) {
      const mission = missionOf(id);
      if (mission === undefined) return unknown(id);
      return draftDocument(mission) ?? notFound("draft", id, `aedev mission show ${id}`);
    },
    async acceptDraft({ params: { id }, body }) {
      if (missionOf(id) === undefined) return unknown(id);
      const { title = "", place = "", criteria = [], test = "" } = body;
      const secret = await refuseSecrets([
        ...Object.entries({ title, place, test }).map(([name, text]) => ({ name, text })),
        ...criteria.map((text, index) => ({ name: `criterion ${index + 1}`, text })),
      ]);
      if (secret !== null) return refusal(secret);
      const accepted = acceptDraftCommand(control, id, body);
      if ("kind" in accepted) return refusal(accepted);
      return answer(
        control,
        accepted.command,
        (): MissionClarity => ({ ...clarityDocument(control, id), not_taken: accepted.notTaken }),
      );
    },
  } satisfies Partial<Handlers>;
}

/** The tokens that a draft may use now; a refusal if there is no credential for the coder, or no budget. */
export async function grantedTokens(control: Control, probes: DraftProbes): Promise<number | Refusal> {
  const isPossible = await probes.hasCredential();
  // After the wait: another draft may have taken tokens meanwhile.
  const tokens = draftTokens(control);
  if (typeof tokens !== "number" || isPossible) return tokens;
  return refuse(
    "no-credentials",
    "a draft is a run of the coder, and the coder has no credential",
    "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
  );
}

/** Asks for the draft; the loop does the rest. */
export function startDraft(control: Control, missionId: string, tokens: number) {
  return answer(control, { kind: "RequestDraft", mission_id: missionId, run_id: newId("r"), tokens }, ({ missions }) =>
    present(draftDocument(present(missions[missionId]))),
  );
}

/** A mission's clarity, with the offer of a draft if it has open questions and one could be asked for now. */
export async function withOffer(
  document: MissionClarity | ErrorAnswer,
  control: Control,
  probes: DraftProbes,
): Promise<MissionClarity | ErrorAnswer> {
  if (document instanceof ErrorAnswer || document.status !== "clarifying" || document.draft !== undefined)
    return document;
  const tokens = draftTokens(control);
  if (typeof tokens !== "number" || !(await hasCoder(probes))) return document;
  return { ...document, draft_tokens: tokens };
}

/** Whether a run of the coder could be offered; none is while the plane that would do it is away. */
export async function hasCoder(probes: DraftProbes): Promise<boolean> {
  try {
    return await probes.hasCredential();
  } catch (error) {
    if (isFault(error, "plane-not-ready")) return false;
    throw error;
  }
}
