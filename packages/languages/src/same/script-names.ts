/** The names of JavaScript and TypeScript: which are variables of the file, which belong to other files, and which nobody in the repository decides. Pure. */
import { allDeclared, isType } from "../javascript/javascript-syntax.ts";
import { childOf, fieldOf, nodesIn, quotedAlike, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { contentOf } from "./names.ts";
import { type CodePart, hasCode, isTextNode, isTitle, type NamedFile, type Names, rootNameOf } from "./part.ts";

export function scriptNames(file: NamedFile): Names {
  const { tree, isOurs } = file;
  const bound = new Set(allDeclared(tree.root));
  const declared = new Set([...bound].map(textOf));
  const { foreign, own } = loadedNames(file);
  const isClassic = !hasModules(tree.root);
  const hasDecorators = [...nodesIn(tree.root)].some(({ name }) => name === "decorator");
  const isTypeScript = /\.[cm]?tsx?$/u.test(file.path);

  /** What decides about the members of an object: nobody in the repository, unless it is a module. */
  const memberOf = (object: SyntaxNode | undefined): Pick<CodePart, "role" | "isMember" | "isOpen"> => {
    const name = textOf(object);
    if (name === "exports" || name === "module.exports") return { role: "shared", isOpen: true };
    // Not before a member of it, which may be anything.
    if (object?.name !== "member_expression" && isOurs(loadedIn(object) ?? "")) return { role: "shared" };
    if (own.has(name) && !/^\p{Lu}/u.test(name)) return { role: "shared" };
    const root = rootNameOf(object);
    const isOpen = root !== undefined && (declared.has(root) || /^(?:this|new|await|super)$/u.test(root));
    return { role: "fixed", isMember: isOpen && !foreign.has(root) };
  };

  const variable = (node: SyntaxNode, around: readonly SyntaxNode[]): CodePart => {
    // A base class may read the name of its class.
    const isLoaded = node.field === "name" && childOf(around.at(-1), "class_heritage") !== undefined;
    const isOpen = bound.has(node) && isExported(around, isClassic);
    return { text: textOf(node), role: "variable", binds: bound.has(node) && !isLoaded, isOpen, isLoaded };
  };

  return {
    isType: (node, around) => {
      // The types of a test may be what it tests.
      if (!isTypeScript || hasDecorators || file.isTest) return false;
      const parent = around.at(-1);
      // A compiler's plugin may make code from the types in a call.
      const inner = [...around, node];
      if (inner.some(({ name }, at) => name === "type_arguments" && inner[at - 1]?.name === "call_expression"))
        return false;
      if (isType(node)) return !/^(?:ambient_declaration|enum_)/u.test(node.name);
      if (/^(?:import|export)_statement$/u.test(node.name)) return node.children[1]?.name === "type";
      if (parent?.name === "optional_parameter") return node.name === "?";
      const at = parent?.children.indexOf(node) ?? 0;
      if (/^(?:as|satisfies)_expression$/u.test(parent?.name ?? "")) return at > 0;
      return parent?.name === "non_null_expression" && at > 0;
    },
    of: (node, around) => {
      const parent = around.at(-1);
      const text = textOf(node);
      if (isTextNode(node)) {
        if (hasCode(node)) return undefined;
        if (isModule(node, around)) return [{ text: contentOf(text), role: "module" }];
        if (file.isTest && isTitle(node, around)) return [{ text: quotedAlike(text), role: "title" }];
        return [{ text: quotedAlike(text), role: "text" }];
      }
      switch (node.name) {
        case "string_fragment":
          return [{ text, role: "text" }];
        case "identifier": {
          if (parent?.name === "import_specifier" || parent?.name === "export_specifier")
            return specifier(node, parent, around);
          if (/^jsx_/u.test(parent?.name ?? "") && /^[a-z]/u.test(text)) return [{ text, role: "fixed" }];
          return [variable(node, around)];
        }
        case "type_identifier":
          return [variable(node, around)];
        case "private_property_identifier":
          return [{ text, role: "variable", binds: /definition$/u.test(parent?.name ?? "") }];
        case "shorthand_property_identifier":
          return pairOf("pair", { text, ...exportedKey(around), isLoaded: isLoaded(text) }, variable(node, around));
        case "shorthand_property_identifier_pattern":
          return pairOf("pair_pattern", { text, role: loadedRole(around) }, variable(node, around));
        case "property_identifier": {
          if (parent?.name === "member_expression") return [{ text, ...memberOf(fieldOf(parent, "object")) }];
          if (parent?.name === "pair_pattern") return [{ text, role: loadedRole(around.slice(0, -1)) }];
          if (parent?.name === "pair") return [{ text, ...exportedKey(around.slice(0, -1)) }];
          // Whoever gets the object may call its method.
          return [{ text, role: "fixed", isMember: parent?.name === "method_definition" }];
        }
        case "statement_identifier":
          return [{ text, role: "fixed" }];
        default:
          return undefined;
      }
    },
  };

  /** Whether another file declares a name that the file passes on. */
  function isLoaded(name: string): boolean {
    return own.has(name) || foreign.has(name) || !declared.has(name);
  }

  function specifier(node: SyntaxNode, parent: SyntaxNode, around: readonly SyntaxNode[]): CodePart[] {
    const statement = around.findLast(({ name }) => /^(?:import|export)_statement$/u.test(name));
    const source = fieldOf(statement, "source");
    const text = textOf(node);
    const loaded: CodePart = { text, role: isOurs(contentOf(textOf(source))) ? "shared" : "fixed" };
    const isAlone = fieldOf(parent, "alias") === undefined;
    const isAlias = node.field === "alias";
    const own: CodePart = { text, role: "variable", binds: true };
    if (parent.name === "import_specifier") return isAlone ? [loaded, { text: "as" }, own] : [isAlias ? own : loaded];
    const given: CodePart = {
      text,
      role: "shared",
      isOpen: true,
      isLoaded: isAlone && (source !== undefined || isLoaded(text)),
    };
    const used: CodePart = source === undefined ? { text, role: "variable" } : loaded;
    return isAlone ? [used, { text: "as" }, given] : [isAlias ? given : used];
  }

  /** The role of a key in a pattern: `a` in `const { a } = require("./b")`. */
  function loadedRole(around: readonly SyntaxNode[]): CodePart["role"] {
    const [declarator, pattern] = [around.at(-2), around.at(-1)];
    if (declarator?.name !== "variable_declarator" || pattern?.name !== "object_pattern") return "fixed";
    const value = fieldOf(declarator, "value");
    const loaded = value?.name === "await_expression" ? value.children[1] : value;
    return loaded !== undefined && isOurs(requiredBy(loaded) ?? "") ? "shared" : "fixed";
  }
}

/** Names that the file gets from packages, and from other files of the repository. */
function loadedNames({ tree, isOurs }: NamedFile): { foreign: Set<string>; own: Set<string> } {
  const found = { foreign: new Set<string>(), own: new Set<string>() };
  for (const node of nodesIn(tree.root)) {
    const source = node.name === "import_statement" ? contentOf(textOf(fieldOf(node, "source"))) : loadedBy(node);
    if (source === undefined) continue;
    for (const name of allDeclared(node)) found[isOurs(source) ? "own" : "foreign"].add(textOf(name));
  }
  return found;
}

const loadedBy = (node: SyntaxNode) =>
  node.name === "variable_declarator" ? loadedIn(fieldOf(node, "value")) : undefined;

/** The module of `require("…")`, also inside `await` and before members. */
function loadedIn(value: SyntaxNode | undefined): string | undefined {
  if (value === undefined) return undefined;
  return requiredBy(value) ?? loadedIn(awaited(value) ?? fieldOf(value, "object"));
}

/** What stands after `await` or in parentheses. */
const awaited = ({ name, children }: SyntaxNode): SyntaxNode | undefined =>
  /^(?:await|parenthesized)_expression$/u.test(name) ? children[1] : undefined;

/** The module in `require("…")` or `import("…")`. */
function requiredBy(node: SyntaxNode): string | undefined {
  if (node.name !== "call_expression" || !/^(?:require|import)$/u.test(textOf(fieldOf(node, "function"))))
    return undefined;
  const [, argument] = fieldOf(node, "arguments")?.children ?? [];
  return argument?.name === "string" ? contentOf(textOf(argument)) : undefined;
}

function isModule(node: SyntaxNode, around: readonly SyntaxNode[]): boolean {
  if (node.field === "source") return true;
  const call = around.at(-2);
  return (
    call?.name === "call_expression" &&
    /^(?:require(?:\.resolve)?|import|(?:jest|vi)\.(?:un)?mock)$/u.test(textOf(fieldOf(call, "function"))) &&
    around.at(-1)?.children[1] === node
  );
}

/** The parts of `{ a }`, which means `{ a: a }`. */
const pairOf = (name: string, key: CodePart, value: CodePart): CodePart[] => [
  { text: `${name}(` },
  key,
  { text: ":" },
  value,
  { text: ")" },
];

/** What decides about a key of the nearest object: other files if it is the object in `module.exports = { … }`. */
function exportedKey(around: readonly SyntaxNode[]): Pick<CodePart, "role" | "isOpen"> {
  const [assignment, object] = [around.at(-2), around.at(-1)];
  if (object?.name !== "object" || assignment?.name !== "assignment_expression") return { role: "fixed" };
  const isExports = /^(?:module\.)?exports$/u.test(textOf(fieldOf(assignment, "left")));
  return isExports ? { role: "shared", isOpen: true } : { role: "fixed" };
}

/** Whether a name is declared at the top of the file in an `export` statement, or anywhere at the top of a script without modules. */
const isExported = (around: readonly SyntaxNode[], isClassic: boolean): boolean =>
  (isClassic || around[1]?.name === "export_statement") &&
  around
    .slice(isClassic ? 1 : 2)
    .every(({ name }) => /declaration$|^variable_declarator$|_pattern$|^pair_pattern$/u.test(name));

/** Whether a file loads or gives anything as a module does; else a page or another script may use all its names. */
const hasModules = (root: SyntaxNode): boolean =>
  [...nodesIn(root)].some(
    (node) =>
      /^(?:import|export)_statement$/u.test(node.name) ||
      requiredBy(node) !== undefined ||
      /^(?:module\.)?exports$/u.test(textOf(fieldOf(node, "object"))) ||
      textOf(fieldOf(node, "left")) === "module.exports",
  );
