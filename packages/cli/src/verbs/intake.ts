/** `aedev intake`: submits a mission, or a file of them. What is unclear is asked at the terminal; without one the questions are printed, exit 4. */
import { type Answer, usageFault } from "../answer.ts";
import { canAsk, clarifyAtTerminal } from "../intake/dialogue.ts";
import { clarityAnswer } from "../intake/mission-clarity.ts";
import { postToDaemon } from "../session/daemon-link.ts";
import type { Session } from "../session/session.ts";
import type { Verb, VerbInput } from "../verb.ts";

const priorities = ["low", "normal", "high"];
const help = "aedev intake --help";
const textCharactersMax = 20_000;
const criterionCharactersMax = 2_000;

export const verb: Verb = {
  summary: "Submit a mission: what you want done, and how one can tell that it is.",
  arguments: [{ name: "[text]", summary: "what you want done" }],
  options: [
    { flags: "--repo <name>", summary: "repository it is about" },
    {
      flags: "--criterion <text>",
      summary: "acceptance criterion, 12 characters or more; repeat for more; without one you are asked",
      repeat: true,
    },
    { flags: "--priority <priority>", summary: "low, normal or high (default normal)" },
    { flags: "--after <mission>", summary: "starts only when that mission has landed; repeat for more", repeat: true },
    { flags: "--file <missions.yaml>", summary: "submit a list of missions from a file (docs/MISSIONS.md)" },
    { flags: "--no-input", summary: "ask nothing: print the questions and exit 4" },
  ],
  examples: [
    'aedev intake "Refuse negative ages in lib/age.js" --repo tool --criterion "a negative age is an error, shown by a new test"',
    'aedev intake "Round totals to cents" --repo tool --criterion "total 0.105 is printed as 0.11" --criterion "all existing tests pass"',
    'aedev intake "fix the login bug" --repo tool',
    'aedev intake "Use the new totals in the report" --repo tool --after m-0123456789abcdef --priority high --no-input',
    "aedev intake --file missions.yaml",
  ],
  async run(session, input) {
    const path = input.text("file");
    if (path === undefined) return submitOne(session, input);
    const beside = ["repo", "priority"].find((option) => input.text(option) !== undefined);
    const repeated = ["criterion", "after"].find((option) => input.texts(option) !== undefined);
    const surplus = input.argument(0) === "" ? (beside ?? repeated) : "text";
    if (surplus !== undefined)
      throw usageFault(`--file has every mission's own ${surplus}; give one or the other`, help);
    const { submitMissionsFile } = await import("../intake/missions-file.ts");
    return submitMissionsFile(session, path);
  },
};

async function submitOne(session: Session, input: VerbInput): Promise<Answer> {
  const [text, repo, priority] = [input.argument(0).trim(), input.text("repo"), input.text("priority")];
  if (text === "") throw usageFault("missing required argument 'text'", help);
  checkLength("the text", text, textCharactersMax);
  for (const criterion of input.texts("criterion") ?? []) checkLength("a criterion", criterion, criterionCharactersMax);
  if (repo === undefined) throw usageFault("required option '--repo <name>' not specified", help);
  if (priority !== undefined && !priorities.includes(priority))
    throw usageFault(`--priority is one of ${priorities.join(", ")}; not "${priority}"`, help);
  const answer = await postToDaemon(session, "/api/missions", {
    text,
    repo,
    criterion: input.texts("criterion"),
    priority,
    after: input.texts("after"),
  });
  if (answer.kind === "refused") return answer;
  const asks = canAsk(session) && input.choice("input") !== false;
  return asks ? clarifyAtTerminal(session, answer.document) : clarityAnswer(answer.document);
}

/** The daemon refuses it too; here it is said in a person's words. */
function checkLength(what: string, { length }: string, charactersMax: number): void {
  if (length > charactersMax)
    throw usageFault(
      `${what} has ${length} characters; ${charactersMax} at most`,
      "say in short what you want, and name a file of the repository that has the rest",
    );
}
