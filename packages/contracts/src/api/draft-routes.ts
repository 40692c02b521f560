/** The routes of a mission's draft. Part of the table in routes.ts. */
import { emptyBodySchema, idParameterSchema } from "./basics.ts";
import { acceptDraftSchema, draftDocumentSchema, missionClaritySchema } from "./mission.ts";

const change = { method: "POST", role: "operator", params: idParameterSchema, refusals: [404, 409] } as const;

export const draftRouteRows = {
  requestDraft: {
    ...change,
    path: "/api/missions/:id/draft",
    summary: "Start a draft: a coder reads the repository and proposes how to say the mission",
    body: emptyBodySchema,
    answer: draftDocumentSchema,
  },
  showDraft: {
    method: "GET",
    role: "viewer",
    path: "/api/missions/:id/draft",
    summary: "Show a mission's last draft",
    params: idParameterSchema,
    answer: draftDocumentSchema,
    refusals: [404],
  },
  acceptDraft: {
    ...change,
    path: "/api/missions/:id/draft/accept",
    summary: "Accept a draft, edited or not; the answer has the questions that remain",
    body: acceptDraftSchema,
    answer: missionClaritySchema,
  },
} as const;
