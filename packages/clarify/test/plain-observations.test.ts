/** Requests whose outcome can be observed as they stand: what is done, under which condition, and where. No question is asked about them. */
import { expect, it } from "vitest";
import { clarifyMission } from "../src/clarify.ts";
import { shippedRules as rules } from "./shipped-rules.ts";

const asked = (text: string) => clarifyMission({ text, criteria: [] }, rules).clarity.questions.map(({ id }) => id);

it.each([
  "Suggest the nearest command if a sub command is unknown, in src/command.ts",
  "Propose the closest flag if a flag is unknown, in src/flags.ts",
  "Print the nearest command if a sub command is unknown, in src/command.ts",
  "Proposer la commande la plus proche si la sous-commande est inconnue, dans src/command.ts",
  "Sugerir el comando más parecido si el subcomando es desconocido, en src/command.ts",
  "Add a validator `Range(minimum=None, maximum=None)`.\n\nIt accepts values between minimum and maximum and raises ValidationError otherwise.",
  '`Version.of("1.2").toBuilder()` throws NullPointerException; it should return a builder with the same parts.',
])("asks nothing about %s", (text) => {
  expect(asked(text)).toEqual([]);
});

it.each([
  "Suggest a better name for parse() in src/parse.ts",
  "Suggest improvements for src/parse.ts",
  "Suggest what we could do about the speed of src/parse.ts",
  "Recommend a library for dates in src/date.ts",
])("asks for criteria of %s, which asks for advice", (text) => {
  expect(asked(text)).toContain("criteria");
});
