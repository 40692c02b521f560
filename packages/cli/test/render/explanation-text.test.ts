/** What `aedev task explain` prints on a narrow terminal. */
import { ids, someInstant } from "@aedev/core/testing";
import { expect, it } from "vitest";
import { explanationText } from "../../src/render/explanation-text.ts";

it("wraps sentences of an explanation and keeps each command on one line, so that it can be copied", () => {
  const command = "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN && aedev hold release h-0123456789abcdef";
  const text = explanationText(
    {
      ...{ task_id: ids.task, mission_id: ids.mission, title: "Add it", repository: "repo", phase: "held" },
      ...{
        since: someInstant,
        story: [],
        waits_for: ["a credential of the coder, which nobody has given to aedev yet"],
      },
      ...{ next: "nothing", next_at: null, commands: [command] },
    },
    40,
  );
  expect(text.split("\n")).toContain(`  ${command}`);
  expect(text).toContain("  a credential of the coder, which\n  nobody has given to aedev yet");
});
