/** `aedev backup`: copies the home into a folder, with the daemon up or down, and verifies the copy. */
import { counted } from "@aedev/contracts";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { requireHome } from "../daemon-client/home.ts";
import { withProgress } from "../terminal/progress.ts";

export const verb: Verb = {
  summary:
    "Copy the home's log, blobs, keys and configuration into a folder and verify the copy. The next backup into the same folder copies only new blobs.",
  arguments: [{ name: "<folder>", summary: "an empty folder, or an earlier backup of this home" }],
  options: [{ flags: "--secrets", summary: "also the credentials of vendors, GitHub and the push server" }],
  examples: ["aedev backup /media/disk/aedev", "aedev backup /media/disk/aedev --secrets"],
  async run(session, input) {
    const { home, entries } = session;
    requireHome(home);
    const report = await withProgress(session, "backing up", async () =>
      (await entries.daemon()).backupHome({ home, to: input.argument(0), withSecrets: input.flag("secrets") }),
    );
    const { backup, blobs, position, has_secrets, corrupt_blobs } = report;
    const lines = [
      `backed up to ${backup}: the log up to position ${position}, ${counted(blobs.total, "blob")} (${blobs.copied} copied now), all verified`,
      has_secrets
        ? "  keys and credentials are in it: keep it as private as the home"
        : "  keys are in it, so keep it as private as the home; credentials are not (--secrets)",
    ];
    const answer = done(report, lines.join("\n"));
    if (corrupt_blobs.length === 0) return answer;
    return {
      ...answer,
      exit: 1,
      notice: `aedev: ${counted(corrupt_blobs.length, "blob")} of the home did not match the hash in its name and is not in the backup: ${corrupt_blobs.slice(0, 3).join(", ")}\n  help: an earlier backup may have it`,
    };
  },
};
