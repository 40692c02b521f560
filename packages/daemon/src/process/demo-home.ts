/** Makes a demo's home: a real log and real blobs, which a program fills by commands. Core decides each of them as it would in a person's home. */
import { clarifyMission } from "@aedev/clarify";
import { type Blob, type Progress, specificationSchema } from "@aedev/contracts";
import { type Command, type CommandBody, type Decision, decide, type State } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { writeSpecification } from "../clarification/specification.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import { blobStore } from "../home/blobs.ts";
import { signHead } from "../home/signed-head.ts";
import { openEventLog } from "../log/event-log.ts";
import { createRedactor } from "../log/redact.ts";
import { initHome } from "./initialize-home.ts";
import { keepProgress } from "./keep-progress.ts";

/** A request, as a person would write it. */
interface Request {
  readonly mission_id: string;
  readonly repository: string;
  readonly title: string;
  readonly text: string;
  readonly criteria: readonly string[];
}

/** A demo's home while it is filled. */
export interface DemoHome extends AsyncDisposable {
  readonly state: () => State;
  /** Submits a command as of an instant (ISO 8601 UTC). Throws an Error if it is refused. */
  submit(body: CommandBody, sent: { readonly by: string; readonly at: string }): Promise<void>;
  /** The command that submits a request, clarified as a person's. */
  submission(request: Request): Extract<CommandBody, { kind: "SubmitMission" }>;
  put(content: string, mediaType: string): Blob;
  /** Adds a line to the progress of a run. `at`: ISO 8601 in UTC. */
  progress(runId: string, progress: Progress, at: string): void;
}

/** `at`: when the home began. The caller disposes of it before a daemon starts. */
export async function createDemoHome({ home, at }: { home: string; at: string }): Promise<DemoHome> {
  await initHome(home, at, { isDemo: true });
  const { policy } = loadPolicy({ home });
  const blobs = blobStore(home);
  const log = await openEventLog({ path: homeLayout(home).log, decide });
  const redactor = createRedactor();
  let commands = 0;
  return {
    progress: (runId, progress, at) => keepProgress({ home, redactor, at }, runId, progress),
    state: () => log.state,
    async submit(body, { by, at: sentAt }) {
      commands += 1;
      const command = { ...body, command_id: `demo-${commands}`, actor: by, at: sentAt } as Command;
      const answer = await log.submit(command);
      if (answer.kind === "refused") throw new Error(`${body.kind} was refused: ${reasonOf(answer)}`);
    },
    submission({ criteria: given, ...request }) {
      const { clarity, criteria } = clarifyMission({ text: request.text, criteria: given }, policy.clarification);
      const specification = specificationSchema.parse({ schema: 1, ...request, criteria });
      const { mission_id, repository, title } = request;
      const written = { criteria, clarity, ...writeSpecification(blobs, specification, clarity) };
      return { kind: "SubmitMission", mission_id, repository, title, priority: "normal", after: [], ...written };
    },
    put: (content, mediaType) => blobs.put(content, mediaType),
    async [Symbol.asyncDispose]() {
      signHead(home, log, new Date().toISOString());
      await log.close();
    },
  };
}

function reasonOf({ code, reason }: Extract<Decision, { kind: "refused" }>): string {
  return `${code}: ${reason}`;
}
