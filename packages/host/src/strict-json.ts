/**
 * Parses untrusted JSON that two programs read. Parsers disagree about an object with the same key twice, so such a text is refused, and so are
 * `__proto__` and too deep nesting. It checks no shape; the caller's schema does.
 */
import { type ParseError, parse, visit } from "jsonc-parser";

export type StrictJson =
  | { readonly kind: "value"; readonly value: unknown }
  /** `path`: the keys that lead to the problem; empty for the whole text. Hostile text. */
  | {
      readonly kind: "refused";
      readonly why: "not-json" | "doubled-key" | "prototype-key" | "too-deep";
      readonly path: readonly (string | number)[];
    };

/** The value of exactly one JSON document, or why it is refused. Keys are compared after unescaping. */
export function parseStrictJson(text: string, { depthMax }: { depthMax: number }): StrictJson {
  try {
    const value: unknown = JSON.parse(text);
    refuseAmbiguity(text, depthMax);
    return { kind: "value", value };
  } catch (error) {
    if (error instanceof Refusal) return error.refused;
    if (error instanceof SyntaxError) return { kind: "refused", why: "not-json", path: [] };
    throw error;
  }
}

/** The value of a JSON text that may have comments and trailing commas; undefined if it is none, too long or ambiguous. */
export function parseLenientJson(text: string, { charactersMax }: { charactersMax: number }): unknown {
  if (text.length > charactersMax) return undefined;
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) return undefined;
  try {
    refuseAmbiguity(text, 500);
    return value;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

class Refusal extends Error {
  readonly refused: StrictJson & { kind: "refused" };
  constructor(refused: StrictJson & { kind: "refused" }) {
    super(refused.why);
    this.refused = refused;
  }
}

/** The visitor is more lenient than JSON, so the text must have been parsed before. It recurses, and only an exception can stop it. */
function refuseAmbiguity(text: string, depthMax: number): void {
  const open: Set<string>[] = [];
  let depth = 0;
  const enter = (path: () => (string | number)[]) => {
    depth += 1;
    if (depth > depthMax) throw new Refusal({ kind: "refused", why: "too-deep", path: path() });
  };
  visit(text, {
    onObjectBegin: (_offset, _length, _line, _character, path) => {
      enter(path);
      open.push(new Set());
    },
    onObjectEnd: () => {
      depth -= 1;
      open.pop();
    },
    onArrayBegin: (_offset, _length, _line, _character, path) => enter(path),
    onArrayEnd: () => {
      depth -= 1;
    },
    onObjectProperty: (key, _offset, _length, _line, _character, path) => {
      const keys = open.at(-1);
      const at = () => [...path(), key];
      if (keys?.has(key)) throw new Refusal({ kind: "refused", why: "doubled-key", path: at() });
      if (key === "__proto__") throw new Refusal({ kind: "refused", why: "prototype-key", path: at() });
      keys?.add(key);
    },
  });
}
