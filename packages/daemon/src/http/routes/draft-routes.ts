/** Drafts over HTTP: ask for one, look at it, accept it. Its run continues without the client. */
import type { MissionClarity } from "@aedev/contracts/api";
import { draftDocument, entityById, type Refusal } from "@aedev/core";
import { acceptDraftCommand } from "../../clarification/accept-draft-command.ts";
import { newId } from "../../control/control.ts";
import type { Blobs, Commands, Records, Rules, Spending } from "../../control/parts.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import { type CoderProbes, canRunCoder, grantedTokens } from "../../planes/probes.ts";
import { draftTokens } from "../../work/draft.ts";
import { clarityDocument } from "./clarity-document.ts";
import { type Asked, answer, ErrorAnswer, type Handlers, notFound, presentEntity, refusal } from "./handler.ts";

export function draftRoutes(control: Blobs & Records & Commands & Rules & Spending, probes: CoderProbes) {
  const unknown = (id: string) => notFound("mission", id, "aedev mission list");
  const missionOf = (id: string) => entityById(control.log.stateWith({ missions: [id] }).missions, id);
  return {
    async requestDraft({ params: { id }, caller }) {
      if (missionOf(id) === undefined) return unknown(id);
      const tokens = await grantedDraftTokens(control, probes);
      return typeof tokens === "number" ? startDraft({ control, caller }, { mission_id: id, tokens }) : refusal(tokens);
    },
    async showDraft({ params: { id } }) {
      const mission = missionOf(id);
      if (mission === undefined) return unknown(id);
      return draftDocument(mission) ?? notFound("draft", id, `aedev mission show ${id}`);
    },
    async acceptDraft({ params: { id }, body, caller }) {
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
        { control, caller },
        accepted.command,
        (): MissionClarity => ({ ...clarityDocument(control, id), not_taken: accepted.notTaken }),
      );
    },
  } satisfies Partial<Handlers>;
}

/** What a draft may use now; a refusal if the coder has no credential or no budget. */
export function grantedDraftTokens(control: Rules & Spending, probes: CoderProbes): Promise<number | Refusal> {
  return grantedTokens(probes, { run: "a draft", tokensNow: () => draftTokens(control) });
}

/** Records the request for a draft; the loop does the rest. */
export function startDraft(
  asked: Asked,
  { mission_id, tokens, of }: { mission_id: string; tokens: number; of?: "plan" | undefined },
) {
  const command = { kind: "RequestDraft", mission_id, run_id: newId("r"), tokens } as const;
  return answer(asked, of === undefined ? command : { ...command, of }, ({ missions }) =>
    presentEntity(draftDocument(presentEntity(missions[mission_id]))),
  );
}

/** A mission's clarity, with the offer of a draft if questions are open and a draft could run now. */
export async function withOffer(
  document: MissionClarity | ErrorAnswer,
  control: Rules & Spending,
  probes: CoderProbes,
): Promise<MissionClarity | ErrorAnswer> {
  if (document instanceof ErrorAnswer || document.status !== "clarifying" || document.draft !== undefined)
    return document;
  const tokens = draftTokens(control);
  if (typeof tokens !== "number" || !(await canRunCoder(probes))) return document;
  return { ...document, draft_tokens: tokens };
}
