/** `aedev mission report`: a mission in ten sections, each statement with its evidence. It reads the home's files and needs no daemon. */
import { doneWithData, usageFault } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { requireHome } from "../daemon-client/home.ts";
import { jsonText } from "../render/json-text.ts";

const formats = ["md", "html", "json"] as const;

export const reportVerb: Verb = {
  summary: "Report a mission in ten sections; each statement names its evidence, and what is unknown is said.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [{ flags: "--format <format>", summary: "md (as usual), html or json" }],
  examples: [
    "aedev mission report m-0123456789abcdef",
    "aedev mission report m-0123456789abcdef --format html > report.html",
    "aedev mission report m-0123456789abcdef --json",
  ],
  async run(session, input) {
    const asked = input.text("format") ?? "md";
    const format = formats.find((one) => one === asked);
    if (format === undefined)
      throw usageFault(`--format takes ${formats.join(", ")}, not "${asked}"`, "aedev mission report --help");
    const { home, entries } = session;
    requireHome(home);
    const { reportMission } = await entries.daemon();
    const { report, text } = await reportMission({
      ...{ home, missionId: input.argument(0) },
      format: format === "html" ? "html" : "md",
    });
    return doneWithData(report, format === "json" ? jsonText(report) : text);
  },
};
