/** `aedev queue resume`: resumes landings in a repository. */

import { changeVerb } from "../../daemon-client/changes.ts";
import { resumedText } from "../../render/pause-text.ts";

export const verb = changeVerb("resumeLandings", {
  summary: "Resume landings in a repository whose queue is paused.",
  arguments: [{ name: "<repository>", summary: "its name" }],
  examples: ["aedev queue resume shop"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: (resumed) => resumedText(resumed, "landings"),
});
