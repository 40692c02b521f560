/** `aedev mission answer`: answers the questions about a mission, from clarification or from a coder that stopped. On a terminal without `--answer` it is a dialogue. */
import { type Answer, usageFault } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { call } from "../../daemon-client/daemon-link.ts";
import { clarifyAtTerminal, intendedAnswer } from "../../intake/dialogue.ts";
import { acceptAsDrafted } from "../../intake/draft.ts";
import { clarityAnswer } from "../../intake/mission-clarity.ts";
import { canAsk, type Session } from "../../terminal/session.ts";

const help = "aedev mission answer --help";

export const verb: Verb = {
  summary: "Answer the questions about a mission; exits 4 while any are still open.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [
    {
      flags: "--answer <id=text>",
      summary: "a question's id and its answer, or the number of a choice; repeat for more",
      repeat: true,
    },
    { flags: "--accept-draft <run>", summary: "accept the draft of this run as it stands" },
  ],
  examples: [
    "aedev mission answer m-0123456789abcdef",
    "aedev mission answer m-0123456789abcdef --answer criteria=1",
    "aedev mission answer m-0123456789abcdef --accept-draft r-0123456789abcdef",
    'aedev mission answer m-0123456789abcdef --answer target="lib/login.js" --answer criteria="a wrong password shows an error, in a new test"',
  ],
  async run(session, input) {
    const id = input.argument(0);
    const answers = input.texts("answer")?.map(parseAnswer);
    const draft = input.text("acceptDraft");
    if (draft !== undefined && answers !== undefined)
      throw usageFault("--accept-draft and --answer are two steps; give one of them", help);
    if (draft !== undefined) {
      const accepted = await acceptAsDrafted(session, id, draft);
      return accepted.kind === "refused" ? accepted : clarityAnswer(accepted.document);
    }
    if (answers !== undefined) return send(session, id, await withChoices(session, id, answers));
    if (!canAsk(session)) throw usageFault("--answer <id=text> is missing, and there is no terminal to ask at", help);
    const mission = await call(session, "showMission", { params: { id } });
    if (mission.kind === "refused") return mission;
    const open = mission.document.questions.length > 0;
    // If no question is open, the daemon says why.
    return open ? clarifyAtTerminal(session, mission.document) : send(session, id, []);
  },
};

interface GivenAnswer {
  readonly id: string;
  readonly text: string;
}

/** A number selects its choice, as at a terminal. */
async function withChoices(
  session: Session,
  id: string,
  answers: readonly GivenAnswer[],
): Promise<readonly GivenAnswer[]> {
  const isNumber = ({ text }: GivenAnswer) => /^\s*\d\s*$/.test(text);
  if (!answers.some(isNumber)) return answers;
  const mission = await call(session, "showMission", { params: { id } });
  // Sent unchanged: the daemon reports what is wrong with the mission.
  if (mission.kind === "refused") return answers;
  const { questions } = mission.document;
  return answers.map((answer) => {
    const question = questions.find((asked) => asked.id === answer.id);
    return question === undefined || !isNumber(answer)
      ? answer
      : { id: answer.id, text: intendedAnswer(answer.text, question) };
  });
}

async function send(session: Session, id: string, answers: readonly GivenAnswer[]): Promise<Answer> {
  const answer = await call(session, "answerMission", { params: { id }, body: { answers: [...answers] } });
  return answer.kind === "refused" ? answer : clarityAnswer(answer.document);
}

function parseAnswer(given: string): GivenAnswer {
  const at = given.indexOf("=");
  if (at < 1) throw usageFault(`--answer is <question id>=<text>; not "${given}"`, help);
  return { id: given.slice(0, at).trim(), text: given.slice(at + 1) };
}
