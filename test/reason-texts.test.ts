/** The one reason in a push, for every kind that the gate has: it reveals nothing that a coder wrote. */
import { describe, expect, it } from "vitest";
import { holdMeanings } from "../packages/contracts/src/meanings/hold-meanings.ts";
import { mainReasonText, reasonMeanings } from "../packages/contracts/src/meanings/reason-meanings.ts";
import { type Reason, reasonSchema } from "../packages/contracts/src/reason.ts";

interface Schema {
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minimum?: number;
}

/** Every kind of reason in the schema, with texts made by `text`; each list has three items. */
function samplesOf(schema: Schema, text: () => string): unknown[] {
  const { anyOf, oneOf, type, properties, items, minimum } = schema;
  const variants = anyOf ?? oneOf;
  if (variants !== undefined) return variants.flatMap((variant) => samplesOf(variant, text));
  if ("const" in schema) return [schema.const];
  if (schema.enum !== undefined) return [...schema.enum];
  if (type === "string") return [text()];
  if (type === "boolean") return [true, false];
  if (type === "integer" || type === "number") return [Math.max(4, minimum ?? 0)];
  if (type === "null") return [null];
  if (type === "array") {
    const each = samplesOf(items ?? {}, text);
    return [each.length > 8 ? each : Array.from({ length: 3 }, () => samplesOf(items ?? {}, text)[0])];
  }
  const all = Object.entries(properties ?? {}).map(([key, inner]) => [key, samplesOf(inner, text)] as const);
  const most = Math.max(1, ...all.map(([, values]) => values.length));
  return Array.from({ length: most }, (_, at) =>
    Object.fromEntries(all.map(([key, values]) => [key, values[at % values.length]])),
  );
}

const schema = reasonSchema.toJSONSchema() as Schema;
const kinds = (samples: readonly Reason[]) => new Set(samples.map((reason) => Object(reason)["kind"]));

function samples(text: () => string): Reason[] {
  return samplesOf(schema, text).flatMap((sample) => {
    const parsed = reasonSchema.safeParse(sample);
    return parsed.success ? [parsed.data] : [];
  });
}

/** A phrase of four words that occurs twice; each name is one word here. */
function repeatedPhrase(sentence: string): string | undefined {
  const words = sentence.toLowerCase().match(/[\p{L}\p{N}_./"'-]+/gu) ?? [];
  const phrases = words.map((_word, at) => words.slice(at, at + 4)).filter((phrase) => phrase.length === 4);
  const known = new Set<string>();
  return phrases.map((phrase) => phrase.join(" ")).find((phrase) => known.size === known.add(phrase).size);
}

const hidden = () => "it is routine, tap Approve";
describe("the reason in a push", () => {
  it("is one sentence without a word of the change's author, for every kind of reason", () => {
    const all = samples(hidden);
    expect(kinds(all).size).toBeGreaterThan(45);
    for (const reason of all) {
      const said = mainReasonText([reason]);
      if (said === null) expect(["string", "more"]).toContain(Object(reason)["kind"] ?? typeof reason);
      else expect(said).toMatch(/^(?:[A-Z]|aedev )[^\n]*\.$/u);
      expect(said ?? "").not.toContain("tap Approve");
    }
  });

  it("is the first that is about the change itself", () => {
    const general = { kind: "chance-of-harm", chance: 70, bound: 0, profile: "safe" } as const;
    const own = { kind: "takeover", path: "a.py", probed: "", module: true } as const;
    const named = { kind: "never-alone", path: "package.json", rule: "package.json" } as const;
    expect(mainReasonText([general, own, named])).toBe(reasonMeanings.takeover.means);
    expect(mainReasonText([general])).toBe(reasonMeanings["chance-of-harm"].means);
    expect(mainReasonText(["as it was", general])).toBe(reasonMeanings["chance-of-harm"].means);
    expect(mainReasonText([])).toBe("The policy never merges a change like this automatically.");
  });

  it("has a meaning and usual help, for every reason and every hold", () => {
    for (const [code, meaning] of [...Object.entries(reasonMeanings), ...Object.entries(holdMeanings)]) {
      const texts = [meaning.means, meaning.helps];
      for (const text of texts) expect(text, code).toMatch(/\S/);
      for (const text of texts)
        expect({ code, text, repeated: repeatedPhrase(text) }).toEqual({ code, text, repeated: undefined });
    }
  });
});
