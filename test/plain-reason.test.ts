/** Every reason of the gate in a push, with names shown and hidden: it repeats no phrase and reveals nothing that a coder wrote. */
import { describe, expect, it } from "vitest";
import { holdMeanings } from "../packages/contracts/src/meanings/hold-meanings.ts";
import { reasonMeanings } from "../packages/contracts/src/meanings/reason-meanings.ts";
import { type Reason, reasonSchema } from "../packages/contracts/src/reason.ts";
import { plainReason } from "../packages/daemon/src/phone/message/plain-reason.ts";

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
/** The texts of these reasons come from aedev, its configuration and its judges, except a secret's path. A person chose the repository's name. */
const own = /^(?:judge-|uncounted-pass|risk|profile|chance-of-harm|lane-closed|test-settings|secret|evidence-missing)/;
const ofAuthors = (all: readonly Reason[]) => all.filter((reason) => !own.test(String(Object(reason)["kind"])));
let count = 0;
const shown = () => {
  count += 1;
  return `lib/a${count}.js`;
};
/** Reasons without the hold, which lists several, each with its own words. */
const alone = (all: readonly Reason[]) => all.filter((reason) => Object(reason)["kind"] !== "hold");

describe("a reason in a push", () => {
  it("repeats no phrase, with its names shown or hidden", () => {
    expect(kinds(samples(hidden)).size).toBeGreaterThan(45);
    for (const reason of [...alone(ofAuthors(samples(hidden))), ...alone(samples(shown))]) {
      const said = plainReason(reason);
      expect({ reason, said, repeated: repeatedPhrase(said) }).toEqual({ reason, said, repeated: undefined });
      expect(said).toMatch(/\S/);
      expect(said).not.toMatch(/[:,(]\s*$|: :|, ,|\(\)|\ue001|\ue002/);
    }
  });

  it("withholds the text of the change's author, and shows plain names", () => {
    for (const reason of alone(ofAuthors(samples(hidden)))) expect(plainReason(reason)).not.toContain("tap Approve");
    expect(plainReason({ kind: "moved-tests", path: "a.js", tests: ["b", "c"], more: 0 })).toBe(
      'tests moved to another file: "a.js": "b", "c"',
    );
    const finding = { kind: "test-finding", finding: "removed-test", text: "", named: false } as const;
    expect(plainReason({ ...finding, place: "tap it", test: "tap it" })).toBe(
      "removed-test: names that only the page and the terminal show",
    );
    expect(plainReason({ kind: "dependency", name: "tap it", file: "tap it", why: "tap it" })).toBe(
      "dependency a name that only the page and the terminal show in name not shown here",
    );
  });

  it("states each cause once in a hold with many hidden names", () => {
    const causes = Array.from({ length: 5 }, () => ({
      kind: "test-broken" as const,
      how: "newly failing" as const,
      test: "tap it",
    }));
    expect(plainReason({ kind: "hold", code: "HOLD-CHECKS-FAILED", causes, more: 0 })).toBe(
      "HOLD-CHECKS-FAILED: newly failing: names that only the page and the terminal show",
    );
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
