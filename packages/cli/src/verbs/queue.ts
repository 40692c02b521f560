/** `aedev queue`: shows, pauses and resumes landings. */

import { localTime } from "@aedev/contracts";
import type { QueueDocument } from "@aedev/contracts/api";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { changeVerb } from "../daemon-client/changes.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { rowsWithLines } from "../render/columns.ts";
import { resumedText } from "../render/home-text.ts";

type Queue = QueueDocument["repositories"][number];
type Candidate = Queue["candidates"][number];

const showVerb: Verb = {
  summary:
    "Show the changes that are to land in each repository, in their order: the one that was decided first comes first.",
  options: [{ flags: "--repo <name>", summary: "only of this repository" }],
  examples: ["aedev queue", "aedev queue --repo shop --json"],
  async run(session, input) {
    const repository = input.text("repo");
    const queue = await readHome(session, (home) => home.queue(repository));
    const text = queue.repositories.map(queueText).join("\n\n");
    return done(queue, text === "" ? "nothing is to land" : text);
  },
};

function queueText({ repository, paused, candidates }: Queue): string {
  const title = paused === null ? repository : `${repository}: ${pausedText(repository, paused)}`;
  const rows = candidates.map((candidate) => ({
    cells: [
      String(candidate.position),
      candidate.task_id,
      stateText(candidate),
      candidate.decided_at ?? "-",
      candidate.title,
    ],
    under: candidate.waits_for,
  }));
  return `${title}\n${rowsWithLines(["#", "TASK", "STATE", "DECIDED", "MISSION"], rows, "nothing is to land")}`;
}

function pausedText(repository: string, paused: NonNullable<Queue["paused"]>): string {
  switch (paused) {
    case "everything":
      return "all work is paused; next: aedev resume";
    case "repository":
      return `the repository is paused; next: aedev repo resume ${repository}`;
    case "landings":
      return `landings are paused; next: aedev queue resume ${repository}`;
  }
}

function stateText({ state, behind, since }: Candidate): string {
  switch (state) {
    case "landing":
      return "landing now";
    case "waiting":
      return `waits since ${localTime(since)}`;
    case "rechecking":
      return "checked again on the moved base";
    case "behind":
      return `after ${behind}`;
    case "paused":
      return "paused";
  }
}

const pauseVerb = changeVerb("pauseLandings", {
  summary: "Pause landings in a repository; runs go on, and so does a push that is under way.",
  arguments: [{ name: "<repository>", summary: "its name" }],
  examples: ["aedev queue pause shop"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: ({ name }) => `landings in ${name} are paused; next: aedev queue resume ${name}`,
});

const resumeVerb = changeVerb("resumeLandings", {
  summary: "Resume landings in a repository whose queue is paused.",
  arguments: [{ name: "<repository>", summary: "its name" }],
  examples: ["aedev queue resume shop"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: (resumed) => resumedText(resumed, "landings"),
});

export const verbs = { "": showVerb, pause: pauseVerb, resume: resumeVerb };
