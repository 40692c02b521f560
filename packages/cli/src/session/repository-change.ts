/** The changing verbs on one known repository: one POST, and the repository as it is then. */
import { z } from "zod";
import { type Answer, done } from "../answer.ts";
import { postToDaemon } from "./daemon-link.ts";
import type { Session } from "./session.ts";

const repositorySchema = z.looseObject({ name: z.string(), paused: z.boolean() });

export async function changeRepository(
  session: Session,
  change: {
    readonly name: string;
    readonly action: "pause" | "resume";
    readonly text: (changed: z.infer<typeof repositorySchema>) => string;
  },
): Promise<Answer> {
  const answer = await postToDaemon(session, `/api/repositories/${encodeURIComponent(change.name)}/${change.action}`);
  if (answer.kind === "refused") return answer;
  return done(answer.document, change.text(repositorySchema.parse(answer.document)));
}
