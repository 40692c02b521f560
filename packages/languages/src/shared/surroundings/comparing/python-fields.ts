/** Finds fields of Python's data classes that a comparison leaves out: values then count as equal although such a field differs. Pure. */
import { fieldOf, partsOf, textOf } from "../../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../../tree/syntax-node.ts";

const makers = /(?:^|\.)(?:[Ff]ield|ib|attrib|s|attrs|define|frozen|mutable|dataclass|make_dataclass)$/u;

/** `compare=False` of `field(compare=False)`, `eq=False` of `attr.ib(eq=False)` or `@dataclass(eq=False)`; null if nothing is left out. */
export function uncomparedField(call: SyntaxNode): string | null {
  const callee = fieldOf(call, "function");
  if (callee === undefined || !makers.test(textOf(callee))) return null;
  for (const given of partsOf(fieldOf(call, "arguments"))) {
    const [name = "", value = ""] = [fieldOf(given, "name"), fieldOf(given, "value")].map((part) =>
      textOf(part).replace(/\s+/gu, " ").slice(0, 40),
    );
    if (/^(?:compare|eq|cmp)$/u.test(name) && value !== "True") return `${name}=${value}`;
  }
  return null;
}
