/** What `aedev intake` and `aedev mission answer` print about a mission: its criteria, its open questions and the next command. */
import { counted, escapeLine, statusText } from "@aedev/contracts";
import type { MissionClarity, QuestionDocument } from "@aedev/contracts/api";
import { type Done, done } from "../command-line/answer.ts";
import { choiceLines, criterionLine, notCheckedLines, notInBaseLines, saidBy } from "../render/mission-text.ts";

/** A mission with its open questions. `clarity` is present only if the daemon has just reported it. */
export type AskedMission = Pick<MissionClarity, "mission_id" | "status" | "spec_digest" | "questions"> &
  Partial<MissionClarity>;

/** The verb's answer if nobody can be asked right away; exit 4 while an answer is needed. */
export function clarityAnswer(clarity: AskedMission): Done {
  const { mission_id, status, questions, criteria = [], not_counted = [], stuck = false } = clarity;
  // The person knows what they wrote.
  const own = criteria
    .filter((criterion) => criterion.default === true || criterion.understood === true || criterion.drafted === true)
    .map(criterionLine);
  const lines = [
    `${mission_id} ${stuck ? "can't be approved" : statusText(status)}`,
    ...questions.flatMap(questionLines),
  ];
  if (questions.length === 0 && own.length > 0) lines.push("criteria:", ...own);
  lines.push(...notCheckedLines(clarity), ...nextLines(clarity));
  const answer = done(clarity, lines.join("\n"));
  const notice = [
    ...not_counted.map(({ text, why }) => `aedev: not counted as a criterion: ${escapeLine(text, 200)}: ${why}`),
    ...notTakenLines(clarity),
    ...notInBaseLines(clarity),
  ];
  return {
    ...answer,
    ...(notice.length === 0 ? {} : { notice: notice.join("\n") }),
    ...(needsAnswer(clarity) ? { exit: 4 } : {}),
  };
}

/** Ends a dialogue that left questions open, without printing them again. */
export function leftOpen(clarity: AskedMission): Done {
  const { mission_id, status, questions } = clarity;
  const open = `${counted(questions.length, "question")} left open: ${questions.map(({ id }) => id).join(", ")}`;
  return { ...done(clarity, [`${mission_id} ${statusText(status)}`, open, ...nextLines(clarity)].join("\n")), exit: 4 };
}

/** The parts of an accepted draft that do not count. */
export function notTakenLines({ not_taken = [] }: AskedMission): string[] {
  return not_taken.map(
    ({ of, text, why }) => `aedev: not taken from the draft: ${of}: ${escapeLine(text, 200)}: ${why}`,
  );
}

export function needsAnswer({ questions, stuck = false }: AskedMission): boolean {
  return questions.length > 0 || stuck;
}

/** A question with its numbered choices. */
export function questionLines(question: QuestionDocument): string[] {
  return [`? ${saidBy(question)} [${question.id}]`, ...choiceLines(question)];
}

function nextLines(asked: AskedMission): string[] {
  const { mission_id, part_of = mission_id, status, questions, stuck = false, score = 0 } = asked;
  if (questions.length > 0) {
    const answers = questions.map(({ id }) => `--answer ${id}="…"`);
    return [`next: aedev mission answer ${mission_id} ${answers.join(" ")}`];
  }
  if (stuck)
    return [
      `its questions were answered, and it is still unclear (score ${score}): submit it again, naming a file and a checkable result`,
      `next: aedev mission cancel ${mission_id}`,
    ];
  if (status === "awaiting_approval") return [`next: aedev mission approve ${part_of}`];
  return [`next: aedev mission wait ${mission_id}`];
}
