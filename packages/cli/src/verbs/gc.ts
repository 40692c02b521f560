/** `aedev gc`: deletes everything beyond the configured retention; with `--dry-run` it only lists it. */
import { counted, sizeText } from "@aedev/contracts";
import type { CollectionDocument } from "@aedev/contracts/api";
import { type Answer, done, refused } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { call, findDaemon } from "../daemon-client/daemon-link.ts";
import { requireHome } from "../daemon-client/home.ts";
import { withProgress } from "../terminal/progress.ts";

/** A large store is read completely. */
const timeoutMs = 3_600_000;

export const verb: Verb = {
  summary:
    "Delete blobs that nothing refers to, and what is older than the configured retention: evidence of ended tasks, prepared dependencies, logs of runs.",
  options: [{ flags: "--dry-run", summary: "only say what would be deleted" }],
  examples: ["aedev gc --dry-run", "aedev gc"],
  async run(session, input) {
    const { home, environment, entries } = session;
    requireHome(home);
    return withProgress(session, "looking for what can be deleted", async () => {
      const daemon = await entries.daemon();
      if (input.flag("dryRun")) return collectionAnswer(await daemon.planGarbage({ home, environment }));
      if ((await findDaemon(session)) === undefined) {
        const result = await daemon.collectOffline({ home, environment });
        return "kind" in result ? refused(result.code, result.reason, result.hint) : collectionAnswer(result);
      }
      const answer = await call(session, "collect", { body: {} }, { timeoutMs });
      return answer.kind === "refused" ? answer : collectionAnswer(answer.document);
    });
  },
};

const parts = [
  ["expired", "blob", "of what ended long ago (retention.blobs)"],
  ["unused", "blob", "that nothing refers to"],
  ["prepared", "file", "of prepared dependencies (retention.prepared, retention.prepared_size)"],
  ["logs", "log", "of runs (retention.logs)"],
  ["bundles", "bundle", "that no judge reads any more"],
  ["mirrors", "mirror", "of removed repositories"],
] as const;

function collectionAnswer(document: CollectionDocument): Answer {
  const { dry_run, size_bytes } = document;
  const lines = parts.flatMap(([key, noun, what]) => {
    const { count, size_bytes: bytes } = document[key];
    return count === 0 ? [] : [`  ${counted(count, noun)} ${what}: ${sizeText(bytes)}`];
  });
  if (lines.length === 0) return done(document, "there is nothing to delete");
  const head = dry_run ? `would delete ${sizeText(size_bytes)}:` : `deleted ${sizeText(size_bytes)}:`;
  return done(document, [head, ...lines, ...(dry_run ? ["next: aedev gc"] : [])].join("\n"));
}
