/** The program around the verbs: finds the verb, builds only that verb, runs it, and turns errors into messages and exit codes. Nothing else does that. */
import { type Answer, type ExitCode, exitOf, refusalOf, refused } from "./command-line/answer.ts";
import { parseVerb } from "./command-line/commander.ts";
import { splitLine, wantsJson } from "./command-line/split-line.ts";
import { nearest } from "./command-line/suggest.ts";
import type { Verb } from "./command-line/verb.ts";
import { hasHome, homeOf, tokenFileOf } from "./daemon-client/home.ts";
import { withWholeIds } from "./daemon-client/whole-ids.ts";
import { groupHelp, programHelp, programVersion } from "./help.ts";
import { jsonText } from "./render/json-text.ts";
import { colouringTerminal } from "./terminal/colour.ts";
import { escapingTerminal } from "./terminal/escaping-terminal.ts";
import { type Outside, type Session, type Terminal, writeData } from "./terminal/session.ts";
import { findVerb, verbNames } from "./verb-table.ts";

/** The most verbs that are suggested for a word. */
const suggestedMax = 6;

/** Runs one command line. Contract: never throws; every error ends as a message on stderr and a code from 1 to 4. */
export async function runProgram(argv: readonly string[], outside: Outside): Promise<ExitCode> {
  const json = wantsJson(argv);
  const { sizeOf } = outside.terminal;
  const base = json ? outside.terminal : colouringTerminal(outside.terminal, outside.environment);
  // Loaded only if lines are folded.
  const isOnTerminal = !json && (sizeOf?.("output") ?? sizeOf?.("error")) !== undefined;
  const folding = isOnTerminal ? (await import("./terminal/fold-lines.ts")).foldingTerminal(base, verbNames) : base;
  const terminal = escapingTerminal(folding, { json });
  try {
    return await runLine(argv, { ...outside, terminal, json });
  } catch (error) {
    return report(refusalOf(error), { terminal, json });
  }
}

type Asked = Outside & { readonly json: boolean };

async function runLine(argv: readonly string[], outside: Asked): Promise<ExitCode> {
  const { terminal } = outside;
  const line = splitLine(argv);
  if (line.words.length === 0) return runBare(line.rest, outside);
  if (line.words[0] === "help") return runLine([...line.words.slice(1), ...line.rest, "--help"], outside);
  const found = findVerb(line.words);
  if (found === undefined) return unknownVerb(line.words, line.rest, outside);
  const { verb } = await found.load();
  // A word after a verb without arguments was probably meant for another verb of its group.
  if (found.name === line.words[0] && line.words.length > 1 && takesNone(verb) && isGroup(found.name))
    return unknownVerb(line.words, line.rest, outside);
  const parsed = parseVerb(verb, {
    name: found.name,
    arguments: [...line.globals, ...line.words.slice(found.name.split(" ").length), ...line.rest],
  });
  if (parsed.kind === "help") return print(parsed.text, terminal);
  const session: Session = {
    ...outside,
    home: homeOf(parsed.input.text("home"), outside.environment),
    tokenFile: tokenFileOf(parsed.input.text("tokenFile"), outside.environment),
    json: parsed.input.flag("json"),
  };
  const input = await withWholeIds(session, verb, parsed.input);
  const answer = "kind" in input ? input : await verb.run(session, input);
  return report(answer.kind === "refused" ? { hint: `aedev ${found.name} --help`, ...answer } : answer, session);
}

function takesNone({ arguments: taken = [] }: Verb): boolean {
  return taken.length === 0;
}

function isGroup(name: string): boolean {
  return verbNames.some((verb) => verb.startsWith(`${name} `));
}

/** `aedev` alone prints what waits for the person, once there is a home. */
function runBare(rest: readonly string[], outside: Asked): Promise<ExitCode> | ExitCode {
  const given = parseHomeOption(rest);
  if (given === undefined) return programUsage(rest, outside);
  const home = homeOf(given.home, outside.environment);
  if (!hasHome(home)) return notSetUp(home, outside);
  return runLine(["status", "--waiting", ...rest], outside);
}

/** A person who types `aedev` for the first time gets the first command instead of all of them. */
function notSetUp(home: string, { terminal, json }: Asked): ExitCode {
  const reason = `aedev is not set up yet: there is no home at ${home}`;
  if (json) return report(refused("no-home", reason, "aedev init"), { terminal, json });
  const lines = [
    reason,
    "to begin, one question at a time:",
    "    aedev init",
    "to see how it works, without any key:",
    "    aedev demo",
  ];
  return print(`${lines.join("\n")}\n`, terminal);
}

/** The value of `--home` if the only other option is `--json`; otherwise undefined. */
function parseHomeOption(rest: readonly string[]): { home: string | undefined } | undefined {
  const home = rest.flatMap((word, at) => {
    if (word.startsWith("--home=")) return [word.slice("--home=".length)];
    return word === "--home" ? [rest[at + 1] ?? ""] : [];
  })[0];
  const others = rest.filter((word, at) => !/^--(?:json|home)(?:=|$)/.test(word) && rest[at - 1] !== "--home");
  return others.length === 0 ? { home } : undefined;
}

function programUsage(rest: readonly string[], { terminal, json }: Asked): ExitCode {
  if (rest.includes("--version") || rest.includes("-v")) return print(`${programVersion()}\n`, terminal);
  if (wantsHelp(rest)) return print(programHelp(), terminal);
  const wrong = rest.find((word) => word.startsWith("-") && !/^--(json|home)(=|$)/.test(word));
  if (wrong !== undefined) return report(noSuch(`option ${wrong}`), { terminal, json });
  if (json) return report({ ...refused("usage", "a verb is missing", "aedev --help"), exit: 2 }, { terminal, json });
  terminal.complain(programHelp());
  return 2;
}

async function unknownVerb(
  words: readonly string[],
  rest: readonly string[],
  { terminal, json }: Asked,
): Promise<ExitCode> {
  const [group = ""] = words;
  const members = verbNames.filter((name) => name.startsWith(`${group} `));
  if (members.length === 0) return report(noSuch(`verb "${group}"`, similarVerbs(words)), { terminal, json });
  if (words.length === 1 && wantsHelp(rest)) return print(groupHelp(group, await examplesOf(members)), terminal);
  const verbs = members.map((name) => name.slice(group.length + 1)).join(", ");
  const reason =
    words.length === 1
      ? `${group} needs one of: ${verbs}`
      : `there is no verb "${words.slice(0, 2).join(" ")}"; ${group} needs one of: ${verbs}`;
  const hint = words.length === 1 ? undefined : similarVerbs(words);
  return report({ ...refused("usage", reason, hint ?? `aedev ${group} --help`), exit: 2 }, { terminal, json });
}

/** The first example of each verb. */
async function examplesOf(names: readonly string[]): Promise<string[]> {
  const examples = await Promise.all(names.map(async (name) => (await findVerb([name])?.load())?.verb.examples[0]));
  return examples.flatMap((example) => example ?? []);
}

function noSuch(what: string, hint = "aedev --help"): Answer {
  return { ...refused("usage", `there is no ${what}`, hint), exit: 2 };
}

/** The verbs that are similar to mistyped words, as a hint with one command a line. */
function similarVerbs(words: readonly string[]): string | undefined {
  const near = words.length > 1 ? verbsNear(words.slice(0, 2).join(" ")) : [];
  const found = near.length > 0 ? near : nounsNear(words[0] ?? "");
  // A group's name alone is not a command.
  const commands = found.map((name) => (verbNames.includes(name) ? `aedev ${name}` : `aedev ${name} --help`));
  return commands.length === 0 ? undefined : ["did you mean:", ...commands.map((one) => `    ${one}`)].join("\n");
}

function verbsNear(typed: string): string[] {
  return nearest(
    typed,
    verbNames.filter((name) => name.includes(" ")),
  );
}

/** For one word that begins no verb: verbs that contain it, then nouns, then second words that are similar. */
function nounsNear(typed: string): string[] {
  const nouns = [...new Set(verbNames.map((name) => name.split(" ")[0] ?? name))];
  if (nouns.includes(typed)) return [];
  const parts = (name: string) => [...name.split(/[ -]/u), ...name.split(" ")];
  const containing = verbNames.filter((name) => parts(name).includes(typed));
  if (containing.length > 0) return containing.slice(0, suggestedMax);
  const near = nearest(typed, nouns);
  if (near.length > 0) return near;
  const seconds = nearest(typed, [...new Set(verbNames.flatMap((name) => name.split(" ")[1] ?? []))]);
  return verbNames.filter((name) => seconds.includes(name.split(" ")[1] ?? "")).slice(0, suggestedMax);
}

/** Prints the answer: with `--json` exactly one document on stdout, even if the verb was refused. */
function report(answer: Answer, options: { terminal: Terminal; json: boolean }): ExitCode {
  const { terminal, json } = options;
  switch (answer.kind) {
    case "streamed":
      return answer.exit ?? 0;
    case "done": {
      const text = json ? jsonText(answer.document) : withNewline(answer.text);
      if (answer.isData === true) writeData(terminal, text);
      else terminal.write(text);
      if (answer.notice !== undefined) terminal.complain(withNewline(answer.notice));
      return answer.exit ?? 0;
    }
    case "refused": {
      const { code, reason, hint, same } = answer;
      const about = same === undefined ? {} : { same };
      if (json) terminal.write(jsonText({ error: { code, reason, hint: hint ?? null, ...about } }));
      terminal.complain(`aedev: ${reason}\n${hint === undefined ? "" : `  help: ${hint}\n`}`);
      return answer.exit ?? exitOf(code);
    }
  }
}

function print(text: string, terminal: Terminal): ExitCode {
  terminal.write(text);
  return 0;
}

function wantsHelp(words: readonly string[]): boolean {
  return words.includes("--help") || words.includes("-h");
}

function withNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
