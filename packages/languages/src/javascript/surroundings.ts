/** The rules for what JavaScript depends on besides its inputs. Pure. */

import { rootOf } from "../shared/surroundings/member-chain.ts";
import {
  environmentVariable,
  type NamePlace,
  outerNodes,
  type SurroundingRules,
  surroundingsIn,
} from "../shared/surroundings/surroundings.ts";
import type { Surrounding } from "../shared/surroundings/use.ts";
import { fieldOf, nodesIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { javascriptComparisons } from "./comparisons.ts";
import { functionTexts } from "./function-text.ts";
import {
  allDeclared,
  assignmentsOf,
  isAssignment,
  isFunction,
  isVariableUse,
  scriptParameters,
} from "./javascript-syntax.ts";
import { keptInJavascript } from "./kept-state.ts";
import { undeclaredNames } from "./name-scopes.ts";

/** All uses, in the order of the text. */
export const javascriptSurroundings = (path: string, text: string): Surrounding[] =>
  surroundingsIn(path, text, (tree): SurroundingRules => {
    const locals = localNames(tree);
    const declared = new Set(allDeclared(tree.root));
    const others = [keptInJavascript, functionTexts, undeclaredNames, javascriptComparisons];
    return {
      ...rules,
      others: others.flatMap((usesIn) => usesIn(tree)),
      // An export's alias is no use of the global with the same name.
      readName: (node) => ({ mayDefine: false, isUsed: !declared.has(node) && node.field !== "alias" }),
      globalChain: (chain, node) => (locals.has(rootOf(node)) ? chain.replace(/^[\w$]+/u, "local") : chain),
    };
  });

const nodeModules =
  /^(?:node:)?(?:os|process|child_process|worker_threads|cluster|async_hooks|inspector|v8|vm|module|perf_hooks|diagnostics_channel|trace_events|repl|tty|dns|wasi|test|fs|fs\/promises)(?:\/\w+)?$/u;
const builtIn =
  "(?:Object|Function|Array|String|Number|Boolean|BigInt|Symbol|Promise|Reflect|Proxy|JSON|Math|Map|Set|WeakMap|WeakSet|RegExp|Error|TypeError|Date|Intl|console|Buffer)";

const rules = {
  chains: [
    /^(?:process|global|globalThis|window|navigator|performance|WeakRef|FinalizationRegistry|__filename|eval|Function|Proxy|AsyncLocalStorage)(?:$|[.(])/u,
    /^(?:Date|Date\.now|Temporal\.Now.*|Math\.random|crypto\.(?:randomUUID|randomBytes|getRandomValues|randomInt))$/u,
    /^(?:require\.(?:main|cache|extensions)|module\.(?:parent|children|paths|constructor|filename)|import\.meta(?:$|\.(?!url$|dirname$|filename$|resolve$)))/u,
    /\.(?:stack|callee|caller|prepareStackTrace|captureStackTrace|stackTraceLimit|__proto__|__defineGetter__|__defineSetter__|__lookupGetter__)$/u,
    /\.(?:getTimezoneOffset|resolvedOptions|timeStamp|lastModified)$|^(?:File|(?:Custom|Message)?Event)$/u,
    // The local time zone decides these results.
    /\.(?:[gs]et(?:FullYear|Month|Date|Day|Hours|Minutes)|to(?:Date|Time|LocaleDate|LocaleTime)String)$/u,
    /^require\.resolve(?:$|[.(])|^__dirname(?:$|\.)/u,
    /\.constructor\.(?:constructor|prototype|\[…\])/u,
    new RegExp(String.raw`^${builtIn}\.(?:prototype\.|\[…\]$)`, "u"),
    /^(?:Object\.(?:defineProperty|defineProperties|setPrototypeOf|getOwnPropertyNames|getOwnPropertyDescriptors?)|Reflect\.\w+|Symbol\.(?:toPrimitive|hasInstance|species|isConcatSpreadable|unscopables|for))(?:$|\()/u,
  ],
  plain: [
    new RegExp(String.raw`^process\.env\.(?!${environmentVariable}$)[A-Za-z_]\w*$`, "u"),
    /^import\.meta\.env\.(?!(?:MODE|DEV|PROD|SSR|BASE_URL)$|\w*(?:TEST|CI_))[A-Z]\w*$/u,
    /^import\.meta\.(?:url|dirname|filename|resolve)$/u,
    /^process\.(?:nextTick|stdout\.write|stderr\.write)(?:$|\()/u,
    /^[A-Za-z]+\.prototype\.(?:hasOwnProperty|slice|toString|propertyIsEnumerable)(?:\.(?:call|apply))?(?:$|\()/u,
  ],
  clocks: /^(?:performance\.now|Date\.now|process\.hrtime\.bigint)$/u,
  definitions: /^(?:valueOf|asymmetricMatch|nodejs\.util\.inspect\.custom|\$\$typeof|prepareStackTrace)$/u,
  shared: new RegExp(String.raw`^(?:(?:globalThis|global|window)\.|${builtIn}\.)`, "u"),
  imports: (statement: string) => {
    const module = /["']([^"']+)["']\s*;?\s*(?:with\s*\{[^}]*\}\s*;?)?$/u.exec(statement)?.[1];
    return module !== undefined && nodeModules.test(module) ? `import of ${module}` : null;
  },
  typeNames: {
    plainChain: (text: string) => text.replaceAll(/\[["'`](\w+)["'`]\]/gu, ".$1"),
    parametersOf: (definition: SyntaxNode) => scriptParameters(definition).map(({ pattern }) => pattern),
    builtIns:
      /^(?:Object|Array|Function|(?:Async|Generator|AsyncGenerator)Function|String|Number|Boolean|BigInt|Symbol|Date|RegExp|Promise|Map|Set|WeakMap|WeakSet|Buffer|ArrayBuffer|DataView|(?:Int8|Uint8|Uint8Clamped|Int16|Uint16|Int32|Uint32|Float32|Float64|BigInt64|BigUint64)Array|(?:Type|Range|Syntax|Reference|URI|Eval|Aggregate)?Error)$/u,
  },
  knownChain: (chain: string) => chain,
  chainUse: useOf,
  callUse: formatUse,
  targetsOf: (assignment: SyntaxNode) => assignment.children.slice(0, 1),
  /** `valueOf() { return this.value; }` is honest. */
  isPlainDefinition: (method: SyntaxNode | null) =>
    method?.name === "method_definition" &&
    /^\{\s*return\s+this\.#?\w+\s*;?\s*\}$/u.test(textOf(fieldOf(method, "body"))),
  definitionOf: (_: SyntaxNode, { parent, around }: NamePlace) => {
    const outer = around.at(-1);
    if (outer !== undefined && isAssignment(outer)) return outer;
    return parent?.name === "member_expression" ? undefined : (parent ?? undefined);
  },
  isPlainThere,
};

/** A formatter of `Intl` formats the current time if it gets no date. */
function formatUse(node: SyntaxNode): string | null {
  const [callee, list] = [fieldOf(node, "function"), fieldOf(node, "arguments")];
  if (callee?.name !== "member_expression" || list === undefined) return null;
  const method = /\.\s*(format(?:ToParts)?)$/u.exec(textOf(callee))?.[1];
  if (method === undefined || !node.tree.text.includes("DateTimeFormat")) return null;
  const [first] = partsOf(list);
  const isNow = first === undefined || /^(?:undefined|void\b.*)$/u.test(textOf(first));
  return isNow ? `${method}() of now` : null;
}

/** A date or an event counts only where it is created, because it knows the time of its creation. */
function useOf(chain: string, node: SyntaxNode, place: NamePlace): string | null {
  if (chain === "Date") return dateUse(place.parent);
  if (!/^(?:File|(?:Custom|Message)?Event)$/u.test(chain)) return chain;
  return isConstructed(node, place) ? `new ${chain}()` : null;
}

/** Whether a node constructs an event, other than one that goes straight to `dispatchEvent`. */
function isConstructed(node: SyntaxNode, { parent, around }: NamePlace): boolean {
  if (fieldOf(parent ?? undefined, "constructor") !== node) return false;
  const callee = around.at(-1)?.name === "arguments" ? fieldOf(around.at(-2), "function") : undefined;
  return callee === undefined || !/dispatchEvent$/u.test(textOf(callee));
}

/** `new Date()` reads the clock, and `new Date(year, month)` the local time zone, which does not matter if all arguments are literals. */
function dateUse(parent: SyntaxNode | null): string | null {
  if (isDateOfNow(parent)) return "new Date()";
  const given = parent?.name === "new_expression" ? partsOf(fieldOf(parent, "arguments")) : [];
  return given.length > 1 && given.some(({ name }) => name !== "number") ? "new Date(year, month)" : null;
}

function isDateOfNow(parent: SyntaxNode | null): boolean {
  if (parent === null || !/^(?:new|call)_expression$/u.test(parent.name))
    return !/^(?:(?:member|subscript|binary)_expression)$/u.test(parent?.name ?? "");
  const list = fieldOf(parent, "arguments");
  return list === undefined || textOf(list).replace(/\s/gu, "") === "()";
}

/** Setting a variable such as `process.env.TZ` depends on nothing, except Node's own variables, which decide how processes run. */
function isPlainThere(chain: string, node: SyntaxNode, place: NamePlace): boolean {
  const isWritten = place.parent !== null && isAssignment(place.parent) && node.field === "left";
  return chain === "__dirname"
    ? isPathPart(node, outerNodes(place))
    : isWritten && /^process\.env\.(?!NODE|npm)[A-Za-z_]\w*$/u.test(chain);
}

/** Whether `__dirname` only builds a path: `join(__dirname, "x")`, `__dirname + "/x"`. */
function isPathPart(node: SyntaxNode, outer: readonly SyntaxNode[]): boolean {
  const [call, list] = [outer.at(-2), outer.at(-1)];
  if (list?.name === "template_substitution") return true;
  if (list?.name === "binary_expression") return list.children[0] === node && /^__dirname\s*\+/u.test(textOf(list));
  const callee = list?.name === "arguments" && call !== undefined ? textOf(call.children[0] ?? call) : "";
  return /(?:^|\.)(?:join|resolve|normalize|dirname|relative|pathToFileURL|createRequire)$/u.test(callee);
}

/**
 * Names that mean a parameter, even if a global has the same name, such as a parameter `window`. A parameter counts only in its function's body and only if it
 * is a single name without a default that the file never assigns, so that its value surely comes from the caller. Empty if the file has a syntax error.
 */
function localNames(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  // Assigning to `arguments` assigns to parameters.
  if (tree.errors.length > 0 || /\barguments\b/u.test(tree.text)) return found;
  const assigned = assignedNames(tree);
  const visit = (node: SyntaxNode, names: ReadonlySet<string>): void => {
    if (isVariableUse(node) && names.has(textOf(node))) found.add(node);
    const own = isFunction(node) ? plainParameters(node).filter((name) => !assigned.has(name)) : [];
    const body = fieldOf(node, "body");
    for (const child of node.children)
      visit(child, child === body && own.length > 0 ? new Set([...names, ...own]) : names);
  };
  visit(tree.root, new Set());
  return found;
}

const plainParameters = (one: SyntaxNode) =>
  scriptParameters(one).flatMap(({ pattern, value }) =>
    pattern.name === "identifier" && value === undefined ? [textOf(pattern)] : [],
  );

/** All names that an assignment, `++`, `--` or a loop sets. */
function assignedNames(tree: SyntaxTree): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodesIn(tree.root)) {
    for (const { target } of assignmentsOf(node)) found.add(textOf(target));
  }
  return found;
}
