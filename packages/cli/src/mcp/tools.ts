/**
 * What another agent may do with aedev: submit a mission, follow it, see what waits for people, and answer questions. Each tool is one route of the API. The
 * daemon enforces the role `agent`, so a tool can't do more than its token.
 *
 * Folder: aedev as tools of other agents (Model Context Protocol).
 */
import { isFault } from "@aedev/contracts";
import { z } from "zod";
import { type ClientSession, call, type LinkAnswer } from "../daemon-client/daemon-link.ts";
import { escapeJson } from "../render/json-text.ts";

const textMax = 20_000;
const mission = z.string().max(100).describe("the mission's id, such as m-0123456789abcdef");

/** `text`: JSON, in which invisible characters are escaped. */
export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
}
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
  /** It changes nothing. */
  readonly isReading: boolean;
  run(session: ClientSession, input: unknown): Promise<ToolAnswer>;
}

function tool<S extends z.ZodObject>(
  { input, ...about }: Omit<Tool, "run" | "input"> & { input: S },
  ask: (session: ClientSession, input: z.output<S>) => Promise<ToolAnswer>,
): Tool {
  return {
    ...about,
    input,
    async run(session, given) {
      try {
        return await ask(session, input.parse(given));
      } catch (error) {
        if (!isFault(error)) throw error;
        return failed({ code: error.code, reason: error.message, hint: error.hint ?? null });
      }
    },
  };
}

export const tools: readonly Tool[] = [
  tool(
    {
      name: "submit_mission",
      isReading: false,
      description:
        "Submit a change that should be made in a registered repository. Nothing runs before a person approves it. The answer has questions if it is unclear.",
      input: z.strictObject({
        repository: z.string().max(100).describe("the name that the person gave the repository in aedev"),
        text: z.string().min(1).max(textMax).describe("what should change; the first line is the title"),
        criteria: z.array(z.string().max(2000)).max(16).default([]).describe("results that a test can show"),
        again: z.boolean().default(false).describe("submit it although the same text is open or has landed"),
      }),
    },
    async (session, { repository, text, criteria, again }) =>
      answerWith(
        await call(session, "submitMission", { body: { repo: repository, text, criterion: criteria, again } }),
        (answer) => answer,
      ),
  ),
  tool(
    {
      name: "mission_state",
      isReading: true,
      description: "The state of a mission: its status, open questions, tasks, why one is held, where it landed.",
      input: z.strictObject({ mission_id: mission }),
    },
    async (session, { mission_id }) =>
      answerWith(await call(session, "showMission", { params: { id: mission_id } }), (answer) => answer),
  ),
  tool(
    {
      name: "list_waiting",
      isReading: true,
      description: "What waits: decisions of people, missions with questions, and held tasks with the reason.",
      input: z.strictObject({}),
    },
    async (session) =>
      answerWith(await call(session, "showStatus", {}), ({ waiting, holds, paused }) => ({
        waiting,
        holds,
        paused: paused ?? null,
      })),
  ),
  tool(
    {
      name: "answer_questions",
      isReading: false,
      description:
        "Answer a mission's open questions. Only answer what the person told you. Whether a test may change is for the person alone.",
      input: z.strictObject({
        mission_id: mission,
        answers: z
          .array(z.strictObject({ id: z.string().max(100), text: z.string().max(textMax) }))
          .min(1)
          .max(16)
          .describe("by the ids of the questions in the mission's state"),
      }),
    },
    async (session, { mission_id, answers }) =>
      answerWith(
        await call(session, "answerMission", { params: { id: mission_id }, body: { answers } }),
        (answer) => answer,
      ),
  ),
];

function answerWith<T>(
  answer: { readonly kind: "document"; readonly document: T } | Extract<LinkAnswer<"whoAmI">, { kind: "refused" }>,
  show: (document: T) => unknown,
): ToolAnswer {
  if (answer.kind === "document") return { isError: false, text: jsonOf(show(answer.document)) };
  const { code, reason, hint } = answer;
  return failed({ code, reason, hint: hint ?? null });
}

function failed(error: { code: string; reason: string; hint: string | null }): ToolAnswer {
  return { isError: true, text: jsonOf({ error }) };
}

function jsonOf(document: unknown): string {
  return escapeJson(JSON.stringify(document, null, 2));
}
