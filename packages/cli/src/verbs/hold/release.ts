/** `aedev hold release`: lets a held task continue; it does not lift a hard gate. */
import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("releaseHold", {
  summary:
    "Let a held task continue with the settings its run started with (task retry uses changed ones). This does not lift a hard gate.",
  arguments: [{ name: "<hold>", summary: "its id" }],
  examples: ["aedev hold release h-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ hold_id, paused }) =>
    paused === undefined
      ? `${hold_id} released; the task continues: aedev status`
      : `${hold_id} released; all work is paused, so the task continues after: aedev resume`,
});
