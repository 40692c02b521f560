/** Composes a set-up run's prompt: the settings that were tried, the result, and what the run can reach. Pure. The role says what to do with it. */
import { escapeText, type Registry, type RepositorySettings } from "@aedev/contracts";
import type { Tried } from "@aedev/contracts/api";
import { fenced, lastBytes } from "./fence.ts";

const outputBytesMax = 4_000;

/** Gives the same text for the same parts. */
export function composeSetUpPrompt({
  settings,
  tried,
  registries,
}: {
  settings: RepositorySettings;
  tried: Tried;
  registries: readonly Registry[];
}): string {
  const outcomes = tried.commands.map(({ command, exit_code, timed_out, incomplete, output_tail }) => {
    const end = timed_out ? "it took too long" : `exit ${exit_code ?? "none"}`;
    const doubt = incomplete === null ? "" : `\nnot reliable: ${incomplete}`;
    return fenced(escapeText(`$ ${command}\n${lastBytes(output_tail, outputBytesMax)}\n${end}${doubt}`));
  });
  const held = tried.code === null ? [] : [fenced(escapeText(`${tried.code}: ${tried.detail ?? ""}`))];
  const reachable = registries.map(({ secure, host, port }) => `- ${secure ? "https" : "http"}://${host}:${port}`);
  const sections = [
    "# Set up a repository",
    `These settings were tried on the base, and the result is ${JSON.stringify(tried.outcome)}, not "green":\n\n${fenced(escapeText(JSON.stringify(settings, null, 2)))}`,
    ...(held.length + outcomes.length === 0 ? [] : [`What came out:\n\n${[...held, ...outcomes].join("\n\n")}`]),
    `The registries that can be reached, and nothing else:\n\n${reachable.join("\n")}`,
    "Find out in /workspace/repo what works, and write your proposal to /workspace/aedev-set-up.json.",
  ];
  return `${sections.join("\n\n")}\n`;
}
