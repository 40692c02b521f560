/** Finds names that a JavaScript file uses and nothing declares: they are there in one place, such as below a test runner, and missing in another. Pure. */
import { allDeclared, isType, isVariableUse } from "../../javascript/javascript-syntax.ts";
import { textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import { factsOf, type NameScope, scopeOf } from "./kept-state/javascript-scopes.ts";
import type { Use } from "./kept-state/use.ts";

/** Each name once. */
export function undeclaredNames(tree: SyntaxTree): Use[] {
  const facts = factsOf(tree);
  const declared = new Set(allDeclared(tree.root));
  const found = new Map<string, Use>();
  const visit = (node: SyntaxNode, around: readonly SyntaxNode[], scopes: readonly NameScope[]): void => {
    if (isType(node)) return;
    const scope = scopeOf(node, around, { tree, facts });
    const here = scope === null ? scopes : [...scopes, scope];
    const isUse = isVariableUse(node) && !declared.has(node) && !namesOnly.test(around.at(-1)?.name ?? "");
    const name = isUse ? textOf(node) : null;
    if (name !== null && !isKnown(name, here) && !found.has(name))
      found.set(name, { what: `undeclared name: ${name.slice(0, 80)}`, at: node.from });
    for (const child of node.children) visit(child, [...around, node], here);
  };
  visit(tree.root, [], []);
  return [...found.values()];
}

/** Where a name is no variable, or is declared elsewhere. */
const namesOnly =
  /^(?:export_specifier|namespace_export|jsx_(?:(?:opening|closing|self_closing)_element|namespace_name))$/u;

function isKnown(name: string, scopes: readonly NameScope[]): boolean {
  return ambient.has(name) || webNames.test(name) || scopes.some(({ names }) => names.has(name));
}

const ambient: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...["require", "module", "exports", "__dirname", "__filename", "arguments", "eval"],
]);
/** What pages have. */
const webNames =
  /^(?:window|document|self|location|history|screen|localStorage|sessionStorage|indexedDB|caches|alert|confirm|prompt|frames|parent|top|opener|requestAnimationFrame|cancelAnimationFrame|requestIdleCallback|cancelIdleCallback|getComputedStyle|getSelection|matchMedia|importScripts|postMessage|addEventListener|removeEventListener|scroll\w*|customElements|React|JSX|NodeJS|(?:HTML|SVG|CSS|DOM|IDB|RTC|XML|XSLT|GPU|WebGL|Web|Media|Audio|Canvas|Mutation|Intersection|Resize|Custom|Keyboard|Mouse|Pointer|Touch|Drag|Wheel|Input|Focus|Clipboard|Composition|File|Image|Node|Element|Document|Shadow|Text|Comment|Range|Selection|Event|Worker|Shared|Service|Speech|Notification|Option|Path2D|Offscreen|View)\w*)$/u;
