/** A report as Markdown, for the terminal and pull requests. Every text is inert: no mention, link or markup in it has an effect. */
import { type HostText, host, hostLine, joined } from "@aedev/contracts";
import { type MissionReport, type ReportStatement, referenceText } from "@aedev/contracts/api";

const titleCharactersMax = 200;
const lineCharactersMax = 2000;

export function reportMarkdown({ mission_id, title, position, sections }: MissionReport): HostText {
  const parts = sections.map(
    (section) => host`## ${plain(section.title)}\n\n${joined(section.statements.map(statementLine), "\n")}`,
  );
  const digests = [...bundlesOf(sections)].map(
    ([digest, task]) => host`- evidence ${plain(digest)}: \`aedev evidence verify ${plain(task)}\``,
  );
  const checks = [host`- events: \`aedev events verify\``, ...digests];
  return host`${joined(
    [
      host`# Mission ${plain(mission_id)}: ${plain(title, titleCharactersMax)}`,
      host`From the log up to event ${position}. The evidence of each statement is in parentheses.`,
      ...parts,
      host`To check the evidence:\n\n${joined(checks, "\n")}`,
    ],
    "\n\n",
  )}\n`;
}

function statementLine({ text, known, evidence }: ReportStatement): HostText {
  const mark = known ? host`` : host`*unknown* `;
  return host`- ${mark}${plain(text)} (${plain(evidence.map(referenceText).join("; "))})`;
}

/** Characters that Markdown could read as markup; an underscore only where it could be emphasis. */
const markup = /[\\`*<>[\]~|]|&(?=[#a-z])|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|^(?:[#+-]|\d+(?=[.)]))/giu;

function plain(text: string, lengthMax = lineCharactersMax): HostText {
  return hostLine(hostLine(text, lengthMax).replace(markup, "\\$&"), lengthMax * 2);
}

function bundlesOf(sections: MissionReport["sections"]): Map<string, string> {
  const references = sections.flatMap(({ statements }) => statements.flatMap(({ evidence }) => evidence));
  return new Map(references.flatMap((one) => (one.kind === "evidence" ? [[one.bundle, one.task_id] as const] : [])));
}
