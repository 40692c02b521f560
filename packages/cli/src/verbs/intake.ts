/** `aedev intake`: submits a mission. Without a criterion it is refused here, before anything is asked of the daemon. */
import { escapeLine } from "@aedev/core";
import { z } from "zod";
import { done, refused } from "../answer.ts";
import { postToDaemon } from "../session/daemon-link.ts";
import type { Verb } from "../verb.ts";

const submittedSchema = z.looseObject({
  mission_id: z.string(),
  status: z.string(),
  questions: z.array(z.looseObject({ text: z.string() })).default([]),
});

export const verb: Verb = {
  summary: "Submit a mission: what you want done, and how one can tell that it is.",
  arguments: [{ name: "<text>", summary: "what you want done" }],
  options: [
    { flags: "--repo <name>", summary: "repository it is about", required: true },
    {
      flags: "--criterion <text>",
      summary: "acceptance criterion, 12 characters or more; repeat for more",
      repeat: true,
    },
  ],
  examples: [
    'aedev intake "Refuse negative ages" --repo tool --criterion "a negative age is an error, shown by a new test"',
    'aedev intake "Round totals to cents" --repo tool --criterion "total 0.105 is printed as 0.11" --criterion "all existing tests pass"',
  ],
  async run(session, input) {
    const criteria = input.texts("criterion");
    if (criteria === undefined)
      return refused(
        "no-criterion",
        "a mission needs at least one acceptance criterion: --criterion is missing",
        'aedev intake "…" --repo NAME --criterion "how one can tell that it is done"',
      );
    const answer = await postToDaemon(session, "/api/missions", {
      text: input.argument(0),
      repo: input.text("repo"),
      criterion: criteria,
    });
    if (answer.kind === "refused") return answer;
    const { mission_id, status, questions } = submittedSchema.parse(answer.document);
    const next =
      questions.length === 0
        ? `next: aedev mission approve ${mission_id}`
        : questions.map(({ text }) => `? ${escapeLine(text, 500)}`).join("\n");
    const finished = done(answer.document, `${mission_id} ${status}\n${next}`);
    return questions.length === 0 ? finished : { ...finished, exit: 4 };
  },
};
