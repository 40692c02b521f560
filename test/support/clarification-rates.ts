/** Measures the clarification gate on labelled requests: how many clear ones it asks about, and how many unclear ones it lets pass. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { clarifyMission, refuseQuestion } from "@aedev/clarify";
import { parse } from "yaml";
import { understand } from "../../packages/clarify/src/understanding/understand.ts";
import { policySourceSchema } from "../../packages/core/src/gate/policy/policy-schema.ts";

export interface LabelledRequest {
  readonly text: string;
  readonly language: string;
  readonly kind: string;
  readonly label: "clear" | "unclear";
  /** Criteria given next to the text. */
  readonly criteria: readonly string[];
}

/** Reads requests from JSON Lines, or a list in YAML or JSON. Throws an Error that names an unreadable request. */
export function readRequests(path: string): LabelledRequest[] {
  const text = readFileSync(path, "utf8");
  const documents = /^\s*\{/.test(text)
    ? text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line): unknown => JSON.parse(line))
    : (parse(text) as unknown);
  if (!Array.isArray(documents)) throw new Error(`${path}: neither JSON Lines nor a list`);
  return documents.map((document, index) => requestOf(document, `${path}: request ${index + 1}`));
}

function requestOf(document: unknown, where: string): LabelledRequest {
  const fields = new Map(Object.entries(document ?? {}));
  const word = (name: string) => {
    const value: unknown = fields.get(name);
    return typeof value === "string" && value.trim() !== "" ? value : undefined;
  };
  const parts = [word("title"), word("description")].filter((part) => part !== undefined);
  const text = word("text") ?? parts.join("\n\n");
  if (text === "") throw new Error(`${where}: a request has a text, or a title and a description`);
  const label = word("label");
  if (label !== "clear" && label !== "unclear") throw new Error(`${where}: label is "clear" or "unclear"`);
  const given: unknown = fields.get("criteria") ?? [];
  const criteria = Array.isArray(given) ? given.map(String) : [String(given)];
  return { text, language: word("language") ?? "-", kind: word("kind") ?? word("class") ?? "-", label, criteria };
}

export interface Judged {
  readonly request: LabelledRequest;
  /** True if nothing is asked, so that a person can approve at once. */
  readonly passes: boolean;
  readonly score: number;
  readonly why: string;
  /** What counted for and against it, with points, and the estimate: "exact +4, deferred -2, estimate 0.31". */
  readonly observed: string;
}

/** The gate's decision on each request under the shipped policy. */
export function judgeRequests(requests: readonly LabelledRequest[]): Judged[] {
  const policy = parse(readFileSync(resolve(import.meta.dirname, "../../config/policies.yaml"), "utf8"));
  const rules = policySourceSchema.parse(policy).clarification;
  return requests.map((request) => {
    const { clarity, criteria } = clarifyMission(request, rules);
    const question = refuseQuestion(request, rules) !== null;
    const passes = !question && clarity.questions.length === 0;
    const why = question ? "a question" : clarity.signals.map(({ name }) => name).join(", ");
    const { weighed, estimated } = understand(request.text);
    const observed = Object.entries(weighed.observed)
      .filter(([, points]) => points !== 0)
      .map(([row, points]) => `${row} ${points > 0 ? "+" : ""}${points}`);
    return {
      request,
      passes,
      score: clarity.score,
      why: why || (criteria[0]?.text ?? ""),
      observed: [...observed, `estimate ${estimated.toFixed(2)}`].join(", "),
    };
  });
}

export interface Rates {
  readonly clear: number;
  readonly falseBlocks: number;
  readonly unclear: number;
  readonly falsePasses: number;
}

export function ratesOf(judged: readonly Judged[]): Rates {
  const count = (label: LabelledRequest["label"], wrong: boolean) =>
    judged.filter(({ request, passes }) => request.label === label && (!wrong || passes !== (label === "clear")))
      .length;
  return {
    clear: count("clear", false),
    falseBlocks: count("clear", true),
    unclear: count("unclear", false),
    falsePasses: count("unclear", true),
  };
}
