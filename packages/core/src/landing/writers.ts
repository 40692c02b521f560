/** Who wrote each part of a specification, according to the log: a person of the home wrote a mission's text and criteria unless they came from GitHub, a proposal or a coder. */
import type { Specification, Writer } from "@aedev/contracts";
import type { MissionState } from "../model/state.ts";

/** The beginning of an instruction that was taken from a review, also in versions that did not record reviews. */
const fromReview = /^A (?:review|comment) of pull request #\d+ by /;

/** Who wrote the mission's text; others, if the mission is undefined. */
export function missionWriter(mission: Pick<MissionState, "origin" | "proposed"> | undefined): Writer {
  return mission === undefined || mission.origin !== undefined || mission.proposed === true ? "others" : "home";
}

/** A mission's criteria with their writers. */
export function writtenCriteria(mission: Pick<MissionState, "origin" | "proposed" | "criteria">): Written[] {
  return writtenParts({ text: "", criteria: mission.criteria }, missionWriter(mission)).criteria;
}

interface Written {
  readonly text: string;
  readonly by: Writer;
}

/** The parts of a specification with their writers. `writer`: of the mission's text. */
export function writtenParts(
  {
    text,
    criteria,
    instructions = [],
    reviewed = [],
  }: Pick<Specification, "text" | "criteria" | "instructions" | "reviewed">,
  writer: Writer,
): { text: Written; criteria: Written[]; instructions: Written[] } {
  const by = writer === "others" ? "others" : "home";
  return {
    text: { text, by },
    criteria: criteria.map((criterion) => ({
      text: criterion.text,
      by: criterion.drafted === true ? "others" : by,
    })),
    instructions: instructions.map((words, index) => ({
      text: words,
      by: reviewed.includes(index) || fromReview.test(words) ? "others" : "home",
    })),
  };
}
