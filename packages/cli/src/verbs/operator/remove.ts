/** `aedev operator remove`: removes an operator, whose token stops working at once. */
import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("removeOperator", {
  summary: "Remove an operator; the token stops working at once. What the operator decided stays in the log.",
  arguments: [{ name: "<name>", summary: "the operator's name" }],
  examples: ["aedev operator remove anna"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: ({ operators }) =>
    `removed; left: ${operators.length === 0 ? "nobody but the owner" : operators.map(({ name }) => name).join(", ")}`,
});
