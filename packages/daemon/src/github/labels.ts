/** Sets a pull request's labels. Nothing waits for them: a label that can't be set becomes a note. */
import { hostText } from "@aedev/contracts";
import { z } from "zod";
import { type GitHubConnection, readOne, sendChange } from "./connection.ts";
import { noteIfRefused } from "./note-if-refused.ts";

const labelledSchema = z.object({ labels: z.array(z.object({ name: z.string() })) });

/** Sets the missing labels and returns notes about failures. GitHub creates labels that the repository lacks. Throws `RateLimited`. */
export async function setLabels(
  gitHub: GitHubConnection,
  { number, labels }: { number: number; labels: readonly string[] },
): Promise<string[]> {
  if (labels.length === 0) return [];
  return noteIfRefused(`the labels ${labels.join(", ")} were not set`, async () => {
    const pull = await readOne(gitHub, {
      route: "GET /repos/{owner}/{repo}/pulls/{pull_number}",
      parameters: { pull_number: number },
      schema: labelledSchema,
    });
    // GitHub ignores case in the names of labels.
    const has = new Set((pull?.labels ?? []).map(({ name }) => name.toLowerCase()));
    const missing = labels.filter((label) => !has.has(label.toLowerCase()));
    if (missing.length === 0) return;
    await sendChange(gitHub, {
      effect: "update",
      route: "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
      parameters: { issue_number: number, labels: missing.map((label) => hostText(label, "home")) },
      schema: z.array(z.object({ name: z.string() })),
    });
  });
}
