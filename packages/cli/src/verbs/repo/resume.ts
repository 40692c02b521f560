/** `aedev repo resume`: resumes runs and landings in a paused repository. */

import { changeVerb } from "../../daemon-client/changes.ts";
import { resumedText } from "../../render/pause-text.ts";

export const verb = changeVerb("resumeRepository", {
  summary: "Resume runs and landings in a paused repository.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo resume tool"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: (resumed) => resumedText(resumed, "repository"),
});
