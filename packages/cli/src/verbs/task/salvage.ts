/** `aedev task salvage`: the work of a task's runs, even of those that failed, timed out or were cancelled, as a folder or a branch. It runs nothing and lands nothing. */
import { resolve } from "node:path";
import { counted, Fault } from "@aedev/contracts";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";

export const verb: Verb = {
  summary:
    "Write what a run of a task left to a new folder, as a patch and as files, or to a branch of your repository. This copy is not checked or judged. Without --to and --branch: list what is kept.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    { flags: "--to <dir>", summary: "folder to make; it gets change.patch, and tree/ with every file" },
    {
      flags: "--branch",
      summary:
        "make a branch <task>-salvaged (aedev/… unless the repository has another prefix) in the repository of this folder, which has to have the base",
    },
    {
      flags: "--run <run>",
      summary: "the run (default: the run of the task's current change; if it wrote nothing, the last run that did)",
    },
  ],
  examples: [
    "aedev task salvage t-0123456789abcdef",
    "aedev task salvage t-0123456789abcdef --to ./salvaged",
    "aedev task salvage t-0123456789abcdef --branch",
    "aedev task salvage t-0123456789abcdef --run r-0123456789abcdef --to ./salvaged",
  ],
  async run(session, input) {
    const { home, entries } = session;
    requireHome(home);
    const taskId = input.argument(0);
    const daemon = await entries.daemon();
    const [to, runId] = [input.text("to"), input.text("run")];
    const ofRun = runId === undefined ? {} : { runId };
    if (input.flag("branch")) {
      if (to !== undefined)
        throw new Fault("usage", "give --to or --branch, not both", { hint: "aedev task salvage --help" });
      const at = new Date().toISOString();
      const made = await daemon.salvageBranch({ home, taskId, folder: process.cwd(), at, ...ofRun });
      const text = [
        `branch ${made.branch}: what run ${made.run_id} wrote on ${made.base_commit}; nothing checked or judged it, so read it before you run any of it`,
        `next: git show ${made.branch}`,
      ];
      return done({ task_id: taskId, ...made }, text.join("\n"));
    }
    if (to === undefined) {
      const kept = await daemon.keptWork({ home, taskId });
      const lines = kept.map(
        ({ run_id, attempt, base_commit, patch_bytes, code }) =>
          `run ${attempt} ${run_id}: ${counted(patch_bytes, "byte")} of patch on ${base_commit.slice(0, 12)}${code === null ? "" : `, ended with ${code}`}`,
      );
      const next = `next: aedev task salvage ${taskId} --to ./${taskId}`;
      const text = kept.length === 0 ? `no run of ${taskId} wrote anything that is kept` : [...lines, next].join("\n");
      return done({ task_id: taskId, kept }, text);
    }
    const folder = resolve(to);
    const salvaged = await daemon.salvageWork({ home, taskId, to: folder, ...ofRun });
    const { run_id, base_commit, no_tree } = salvaged;
    const text = [
      `${folder}: what run ${run_id} wrote on ${base_commit}; nothing checked or judged this copy, so read it before you use or run any of it`,
      no_tree === null
        ? "change.patch and tree/; a symbolic link is a file there with its target as text"
        : `change.patch; no tree/: ${no_tree}`,
      `next, in a working copy: aedev task salvage ${taskId} --branch`,
    ];
    return done({ task_id: taskId, folder, ...salvaged }, text.join("\n"));
  },
};
