/** The documented forms of secrets each name their source, and no text can make them slow. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { growsWithLength } from "../../../../../test/support/growth.ts";
import { namedValues, secretForms } from "../../../src/findings/secrets/secret-forms.ts";
import { scanForTokens } from "../../../src/findings/secrets/token-rules.ts";

const file = parse(readFileSync(resolve(import.meta.dirname, "../../../../../config/secret-forms.yaml"), "utf8")) as {
  sources: Record<string, string>;
  forms: { rule: string; source: string }[];
  named: { rule: string; source: string }[];
};

describe("the documented forms", () => {
  it("each documented form names a source, and every source is used", () => {
    const named = new Set([...file.forms, ...file.named].map((form) => form.source));
    expect([...named].toSorted()).toEqual(Object.keys(file.sources).toSorted());
  });

  it("no documented form repeats anything without a bound", () => {
    const isUnbounded = (source: string) => /[^\\][*+]|\{\d+,\}/.test(source.replaceAll(/\[(?:\\.|[^\]\\])*\]/g, "c"));
    expect(isUnbounded(String.raw`sk-[a-z+*]{2,9}\+`)).toBe(false);
    for (const unbounded of ["a[b-c]+", "a*", "[a]{3,}"]) expect(isUnbounded(unbounded), unbounded).toBe(true);
    const sources = [...secretForms().map((form) => form.pattern.source), ...namedValues().map((named) => named.value)];
    expect(sources.filter(isUnbounded)).toEqual([]);
  });

  it("searching a text made of the forms' beginnings takes linear time", { timeout: 120_000 }, () => {
    for (const { rule, pattern, literals } of secretForms())
      for (const text of [literals[0] ?? "", `${literals[0]}-`, `${literals[0]}aA1.`, " "])
        expect(
          growsWithLength(60_000, (length) => () => [...text.repeat(length / text.length).matchAll(pattern)]),
          `${rule} ${text}`,
        ).toBe(true);
  });

  it("an operator's token of aedev is certainly a secret; a digest of that length is none", () => {
    const hex = "0123456789abcdef".repeat(6);
    expect(scanForTokens(`use aedev_${hex}.`)).toContainEqual(
      expect.objectContaining({ rule: "aedev-operator-token", isCertain: true }),
    );
    for (const other of [hex, `aedev_${hex}0`, `aedev_${hex.slice(1)}`])
      expect(scanForTokens(other).filter(({ rule }) => rule === "aedev-operator-token")).toEqual([]);
  });

  it("finds an armoured key without an end", () => {
    const begin = `${"-".repeat(5)}BEGIN PRIVATE KEY${"-".repeat(5)}`;
    for (const text of [begin, "\\n", "\\\\n", "a\\n", "Proc-Type: 4\\n", "<br>", "&#10;"])
      expect(
        growsWithLength(60_000, (length) => () => scanForTokens(`${begin}${text.repeat(length / text.length)}`)),
        text,
      ).toBe(true);
  });
});
