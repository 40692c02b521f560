/** The changing verbs on one mission or task, which are all alike: one POST, and the new document back. */
import { z } from "zod";
import { type Answer, done } from "../answer.ts";
import { postToDaemon } from "./daemon-link.ts";
import type { Session } from "./session.ts";

const missionSchema = z.looseObject({ mission_id: z.string(), status: z.string(), spec_digest: z.string() });
const taskSchema = z.looseObject({
  task_id: z.string(),
  status: z.string(),
  change_digest: z.string().nullable(),
  spec_digest: z.string(),
});
export type ChangedMission = z.infer<typeof missionSchema>;
export type ChangedTask = z.infer<typeof taskSchema>;

interface Change<T> {
  readonly id: string;
  readonly action: string;
  readonly body?: Readonly<Record<string, string | undefined>>;
  readonly text: (changed: T) => string;
}

export async function changeMission(session: Session, change: Change<ChangedMission>): Promise<Answer> {
  return send(session, { kind: "missions", schema: missionSchema, ...change });
}

export async function changeTask(session: Session, change: Change<ChangedTask>): Promise<Answer> {
  return send(session, { kind: "tasks", schema: taskSchema, ...change });
}

async function send<T>(session: Session, change: Change<T> & { kind: string; schema: z.ZodType<T> }): Promise<Answer> {
  const path = `/api/${change.kind}/${encodeURIComponent(change.id)}/${change.action}`;
  const answer = await postToDaemon(session, path, change.body ?? {});
  return answer.kind === "refused" ? answer : done(answer.document, change.text(change.schema.parse(answer.document)));
}
