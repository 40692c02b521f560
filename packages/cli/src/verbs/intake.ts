/**
 * `aedev intake`: submits a mission, or a file of missions. Open questions are asked at the terminal; without a terminal they are printed, and it exits
 * 4.
 *
 * Folder: what each verb takes, calls and prints, one file per noun.
 */
import { missionTextCharactersMax } from "@aedev/contracts";
import { type Answer, usageFault } from "../command-line/answer.ts";
import { priorityOf } from "../command-line/priority-option.ts";
import type { Verb, VerbInput } from "../command-line/verb.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { clarifyAtTerminal } from "../intake/dialogue.ts";
import { printDraft } from "../intake/draft.ts";
import { meantRepository } from "../intake/meant-repository.ts";
import { clarityAnswer } from "../intake/mission-clarity.ts";
import { againOption, submitUnlessSame } from "../intake/same-request.ts";
import { canAsk, type Session } from "../terminal/session.ts";

const help = "aedev intake --help";
const criterionCharactersMax = 2_000;

export const verb: Verb = {
  summary: "Submit a mission: what you want done, and how we will know it is done.",
  arguments: [
    {
      name: "[text]",
      summary: "what you want done; `-` reads it from standard input; a text with a secret is refused",
    },
  ],
  options: [
    {
      flags: "--repo <name>",
      summary: "repository it is about (default: the only one, or the one of the current folder)",
      repeat: true,
    },
    {
      flags: "--criterion <text>",
      summary:
        "acceptance criterion, at least 12 characters; repeat for more; if you give none and none follows from the text, you are asked",
      repeat: true,
    },
    { flags: "--priority <priority>", summary: "urgent, high, normal or low (default normal)" },
    { flags: "--label <label>", summary: "a label for lists and the board; repeat for more", repeat: true },
    { flags: "--after <mission>", summary: "starts only when that mission has landed; repeat for more", repeat: true },
    {
      flags: "--file <missions.yaml>",
      summary:
        "submit a list of missions, or one mission of several parts, from a file (docs/MISSIONS.md, docs/PLANS.md)",
    },
    {
      flags: "--draft",
      summary:
        "let a coder read the repository and propose title, place, criteria and a test first; costs at most clarification.draft_tokens",
    },
    {
      flags: "--plan",
      summary:
        "let a coder read the repository and propose several parts, which you edit and accept (docs/PLANS.md); same cost",
    },
    {
      flags: "--replaces <mission>",
      summary:
        "with --file: it is a new version of that plan, which you approve again; parts that you left as they were stay",
    },
    againOption,
    { flags: "--no-input", summary: "ask nothing: print the questions and exit 4" },
  ],
  examples: [
    'aedev intake "Refuse negative ages in lib/age.js" --repo tool --criterion "a negative age is an error, shown by a new test"',
    'aedev intake "Round totals to cents" --repo tool --criterion "total 0.105 is printed as 0.11" --criterion "all existing tests pass"',
    'aedev intake "fix the login bug" --repo tool',
    'aedev intake "the search feels slow" --repo tool --draft',
    'aedev intake --plan "show prices in the buyer\'s currency" --repo shop',
    "aedev intake - < request.md",
    'aedev intake "Use the new totals in the report" --repo tool --after m-0123456789abcdef --priority high --no-input',
    "aedev intake --file missions.yaml",
    "aedev intake --file plan.yaml",
    "aedev intake --file plan.yaml --replaces m-0123456789abcdef",
    'aedev intake --again "Update the list of holidays in data/holidays.json to this year" --repo tool',
  ],
  async run(session, input) {
    const path = input.text("file");
    const replaces = input.text("replaces");
    if (path === undefined && replaces !== undefined)
      throw usageFault("--replaces needs the plan's new version; give it with --file", help);
    if (path === undefined) return submitOne(session, input);
    const beside =
      ["draft", "plan"].find((option) => input.flag(option)) ??
      (input.text("priority") === undefined ? undefined : "priority");
    const repeated = ["repo", "criterion", "label", "after"].find((option) => input.texts(option) !== undefined);
    const surplus = input.argument(0) === "" ? (beside ?? repeated) : "text";
    if (surplus !== undefined)
      throw usageFault(`--file already gives each mission its own ${surplus}; give one or the other`, help);
    const { submitMissionsFile } = await import("../intake/missions-file.ts");
    return submitMissionsFile(session, path, { again: input.flag("again") === true, replaces });
  },
};

/** A daemon reads absent labels as none. */
function labelsOf(labels: readonly string[]): { labels?: string[] } {
  return labels.length === 0 ? {} : { labels: [...labels] };
}

async function submitOne(session: Session, input: VerbInput): Promise<Answer> {
  const given = input.argument(0);
  const text = (given === "-" ? await session.terminal.readAll() : given).trim();
  if (text === "" && given === "-") throw usageFault("standard input is empty", help);
  if (text === "") throw usageFault("missing required argument 'text'", help);
  checkLength("the text", text, missionTextCharactersMax);
  for (const criterion of input.texts("criterion") ?? []) checkLength("a criterion", criterion, criterionCharactersMax);
  const priority = priorityOf(input.text("priority"), help);
  const draft = draftOf(input);
  const repo = givenRepository(input) ?? (await meantRepository(session, process.cwd()));
  const body = {
    text,
    repo,
    criterion: nonEmptyList(input.texts("criterion")),
    priority,
    after: nonEmptyList(input.texts("after")),
    ...labelsOf(input.texts("label") ?? []),
    ...(draft === undefined ? {} : { draft }),
  };
  const asks = canAsk(session) && input.choice("input") !== false;
  const again = input.flag("again") === true;
  const answer = await submitUnlessSame(session, { again, asks, command: "aedev intake --again …" }, (anyway) =>
    call(session, "submitMission", { body: { ...body, ...(anyway ? { again: true } : {}) } }),
  );
  if (answer.kind === "refused") return answer;
  if (asks && draft !== "plan") return clarifyAtTerminal(session, answer.document);
  return answer.document.draft === undefined ? clarityAnswer(answer.document) : printDraft(session, answer.document);
}

/** What a coder proposes first; undefined: nothing. */
function draftOf(input: VerbInput): true | "plan" | undefined {
  if (!input.flag("plan")) return input.flag("draft") ? true : undefined;
  if (input.flag("draft")) throw usageFault("--plan and --draft are two kinds of proposal; give one of them", help);
  return "plan";
}

function givenRepository(input: VerbInput): string | undefined {
  const [repo, other] = input.texts("repo") ?? [];
  if (other !== undefined)
    throw usageFault(
      `a mission is about one repository, and a coder that proposes a plan reads one; you gave ${repo} and ${other}`,
      "write the plan as a file, whose parts may have different repositories: docs/PLANS.md, aedev intake --file plan.yaml",
    );
  return repo;
}

/** The daemon refuses it too, but this message is easier to read. */
function checkLength(what: string, { length }: string, charactersMax: number): void {
  if (length > charactersMax)
    throw usageFault(
      `${what} has ${length} characters; ${charactersMax} at most`,
      "shorten it, and name a file in the repository that has the details",
    );
}

function nonEmptyList(texts: readonly string[] | undefined): string[] | undefined {
  return texts === undefined ? undefined : [...texts];
}
