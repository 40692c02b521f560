/**
 * `aedev task replay`: runs the coder of a task's last recorded run again with the recorded answers and no upstream, and compares the
 * trees, or the hold codes if the recorded run ended without a change.
 * It changes nothing: no event, no landing; it works with the daemon up and down.
 */
import { resolve } from "node:path";
import { counted, escapeLine } from "@aedev/contracts";
import type { RunState } from "@aedev/core";
import { type Answer, done, refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { isRefused, readState, taskOf, withHome } from "../../daemon-client/read-state.ts";
import type { Session } from "../../terminal/session.ts";

export const verb: Verb = {
  summary: "Run a task again from its recording and compare the result; exit code 1 if they differ.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    { flags: "--export <dir>", summary: "write the recording to this folder and replay nothing" },
    { flags: "--from <dir>", summary: "replay an exported folder instead of the stored recording" },
  ],
  examples: [
    "aedev task replay t-0123456789abcdef",
    "aedev task replay t-0123456789abcdef --export ./recording",
    "aedev task replay t-0123456789abcdef --from ./recording",
  ],
  async run(session, input) {
    const task = taskOf(await readState(session, { tasks: [input.argument(0)] }), input.argument(0));
    if (isRefused(task)) return task;
    const { task_id } = task;
    const run = task.runs.findLast((candidate) => candidate.journal !== null);
    if (run === undefined) {
      return refused("no-recording", `no run of task ${task_id} has a recording yet`, `aedev task show ${task_id}`);
    }
    const [exportTo, from] = [input.text("export"), input.text("from")];
    if (exportTo !== undefined) return exportRecording(session, { task_id, run, dir: resolve(exportTo) });
    return replay(session, { task_id, run, from: from === undefined ? null : resolve(from) });
  },
};

interface Recorded {
  readonly task_id: string;
  readonly run: RunState;
}

async function exportRecording(session: Session, { task_id, run, dir }: Recorded & { dir: string }): Promise<Answer> {
  const { journal, run_id } = run;
  if (journal === null) return refused("no-recording", `run ${run_id} has no recording`);
  const { exportJournal } = await session.entries.runner();
  const exchanges = await withHome(session, ({ blobs }) => exportJournal(journal.digest, dir, blobs));
  const text = `${counted(exchanges, "exchange")} of ${run_id} written to ${dir}\nnext: aedev task replay ${task_id} --from ${dir}`;
  return done({ task_id, run_id, exported_to: dir, exchanges }, text);
}

async function replay(session: Session, { task_id, run, from }: Recorded & { from: string | null }): Promise<Answer> {
  const { home, environment, entries, terminal } = session;
  const { run_id, journal, tree: recorded_tree } = run;
  const recorded_hold = recorded_tree === null ? (run.outcome?.code ?? null) : null;
  if (journal === null || (recorded_tree === null && recorded_hold === null)) {
    const reason = `run ${run_id} of task ${task_id} was stopped before it had a result to compare with`;
    return refused("no-recorded-tree", reason, `aedev task logs ${task_id}`);
  }
  const order = await (await entries.daemon()).replayOrder({ home, taskId: task_id, environment });
  const { tree, held, divergence } = await (await entries.runner()).replayRun({
    ...order,
    home,
    recording: from === null ? { journalDigest: journal.digest } : { exportFolder: from },
    progress: (text) => terminal.complain(`${escapeLine(text, 200)}\n`),
  });
  const equal = tree === recorded_tree && (recorded_hold === null || held?.code === recorded_hold);
  const [recorded, replayed] = [
    resultText(recorded_tree, recorded_hold),
    resultText(tree, recorded_hold === null ? null : (held?.code ?? null)),
  ];
  const text = `recorded ${recorded}\nreplayed ${replayed}\n${equal ? "equal" : "different"}`;
  const answer = done({ task_id, run_id, equal, recorded_tree, recorded_hold, tree, held, divergence }, text);
  if (equal) return answer;
  const why = [held === null ? [] : [`${held.code} ${held.detail ?? ""}`], divergence ?? []].flat().join("; ");
  const notice = "aedev: the replay did not end as the recorded run did";
  return { ...answer, exit: 1, notice: why === "" ? notice : `${notice}: ${escapeLine(why, 300)}` };
}

function resultText(tree: string | null, holdCode: string | null): string {
  return holdCode === null ? `tree ${tree ?? "none"}` : `hold ${holdCode}`;
}
