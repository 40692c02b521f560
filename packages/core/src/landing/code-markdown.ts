/** Text in GitHub Markdown, as code, where it mentions nobody, refers to nothing and closes nothing. Other people's text is also made inert, because bots and squashed commits read the source. */
import { composedForHost, type HostText, host, hostLine, hostText, type Writer } from "@aedev/contracts";
import { backticksAround } from "@aedev/contracts/words";

const lineCharactersMax = 300;

/** A code span with any text on one line. */
export function codeSpan(text: string, writer: Writer = "others"): HostText {
  const line = hostLine(text.replace(/\s+/gu, " ").trim(), lineCharactersMax, writer) || host`(empty)`;
  const marks = composedForHost(backticksAround(line));
  return host`${marks} ${line} ${marks}`;
}

/** The lines of a code block with any text; none for an empty text. */
export function codeBlock(text: string, writer: Writer = "others"): HostText[] {
  const safe = hostText(text.trim(), writer);
  const fence = composedForHost(backticksAround(safe, 3));
  return safe === "" ? [] : [host`${fence}text`, safe, fence];
}
