/** The only file that uses commander: turns a verb's description and its arguments into parsed input, help text or a usage fault. */
import { Command, CommanderError, Option } from "commander";
import { usageFault } from "./answer.ts";
import type { Verb, VerbInput } from "./verb.ts";

export type ParsedVerb =
  | { readonly kind: "run"; readonly input: VerbInput }
  | { readonly kind: "help"; readonly text: string };

/** Throws a usage fault if the arguments do not fit the verb. */
export function parseVerb(verb: Verb, line: { name: string; arguments: readonly string[] }): ParsedVerb {
  let output = "";
  const command = commandOf(verb, line.name).configureOutput({
    writeOut: (text) => {
      output += text;
    },
    writeErr: () => undefined,
  });
  try {
    command.parse([...line.arguments], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "help", text: output };
    throw usageFault(error.message.replace(/^error: /, ""), `aedev ${line.name} --help`);
  }
  return { kind: "run", input: inputOf(command) };
}

function commandOf(verb: Verb, name: string): Command {
  const command = new Command(`aedev ${name}`)
    .description(verb.summary)
    .exitOverride()
    .helpOption("-h, --help", "show this help");
  for (const { name: argument, summary } of verb.arguments ?? []) command.argument(argument, summary);
  for (const { flags, summary, repeat, required } of verb.options ?? []) {
    const option = new Option(flags, summary).makeOptionMandatory(required === true);
    if (repeat === true) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
  }
  return command
    .option("--json", "print one JSON document on stdout")
    .option("--home <dir>", "home folder (AEDEV_HOME, else ~/.aedev)")
    .option("--token-file <file>", "file with an operator's token (AEDEV_TOKEN_FILE)")
    .addHelpText("after", `\nExamples:\n${verb.examples.map((example) => `  $ ${example}\n`).join("")}`);
}

function inputOf(command: Command): VerbInput {
  const given: Readonly<Record<string, unknown>> = command.opts();
  const text = (option: string) => (typeof given[option] === "string" ? given[option] : undefined);
  const choice = (option: string) => (typeof given[option] === "boolean" ? given[option] : undefined);
  return {
    argument: (index) => command.args[index] ?? "",
    arguments: () => command.args,
    text,
    texts: (option) => (Array.isArray(given[option]) ? given[option].map(String) : undefined),
    flag: (option) => choice(option) === true,
    choice,
  };
}
