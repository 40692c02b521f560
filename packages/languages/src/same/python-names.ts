/** The names of Python: which are variables of the file, which belong to other files, and which nobody in the repository decides. Pure. */
import { boundTargets, importOf, parametersOf, pythonImport } from "../python/python-syntax.ts";
import { fieldOf, isComment, nodesIn, quotedAlike, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { contentOf } from "./names.ts";
import { type CodePart, hasCode, isTextNode, type NamedFile, type Names } from "./part.ts";

const scope = /^(?:function_definition|class_definition|lambda)$/u;

export function pythonNames(file: NamedFile): Names {
  const { tree, isOurs } = file;
  const bound = new Set<SyntaxNode>();
  const parameters = new Set<SyntaxNode>();
  const foreign = new Set<string>();
  const own = new Set<string>();
  for (const node of nodesIn(tree.root)) {
    for (const target of boundTargets(node)) if (target.name === "identifier") bound.add(target);
    if (/^(?:function_definition|lambda)$/u.test(node.name))
      for (const one of parametersOf(node)) {
        bound.add(one);
        if (node.name !== "lambda") parameters.add(one);
      }
    if (!pythonImport.test(node.name)) continue;
    const { module, names } = importOf(node);
    for (const { name, own: alias } of names)
      (isOurs(module ?? name) ? own : foreign).add(alias ?? (module === null ? (name.split(".")[0] ?? name) : name));
  }
  const declared = new Set([...bound].map(textOf));
  for (const node of nodesIn(tree.root)) {
    if (/^(?:function|class)_definition$/u.test(node.name)) declared.add(textOf(fieldOf(node, "name")));
    if (!pythonImport.test(node.name)) continue;
    for (const { name, own: alias } of importOf(node).names) declared.add(alias ?? name.split(".")[0] ?? name);
  }

  const memberOf = (object: SyntaxNode | undefined): Pick<CodePart, "role" | "isMember"> => {
    const root = rootOf(object);
    if (root?.name !== "identifier") return { role: "fixed" };
    const name = textOf(root);
    if (foreign.has(name) || !declared.has(name)) return { role: "fixed" };
    return { role: "shared", isMember: root !== object || !own.has(name) };
  };

  return {
    isType: (node, around) => {
      if (node.name === "expression_statement") return isBareAnnotation(node, around);
      if (node.name !== "type" && node.name !== "->" && node.name !== ":") return false;
      const definition = around.findLast(({ name }) => name === "function_definition");
      const isDecorated = around.some((one) => one.name === "decorator" || mayReadTypes(one));
      if (definition === undefined || isDecorated) return false;
      const parent = around.at(-1);
      if (node.name === ":") return parent?.name === "parameters" || (parent?.name === "assignment" && isLocal(around));
      if (node.name === "->" || node.field === "return_type") return parent === definition;
      if (node.field !== "type") return false;
      return parent?.name === "parameters" || (parent?.name === "assignment" && isLocal(around));
    },
    of: (node, around) => {
      const parent = around.at(-1);
      const text = textOf(node);
      if (node.name === "string" && isPublicList(around))
        return [{ text: contentOf(text), role: "shared", isOpen: true }];
      if (isTextNode(node))
        return hasCode(node) ? undefined : [{ text: quotedAlike(text), role: isDoc(around) ? "doc" : "text" }];
      if (/^string_(?:start|content|end)$/u.test(node.name)) return [{ text, role: "text" }];
      const statement = around.findLast(({ name }) => pythonImport.test(name));
      if (statement !== undefined) return imported(node, around, statement);
      if (node.name !== "identifier") return undefined;
      if (parent?.name === "interpolation" && parent.children.some(({ name }) => name === "="))
        return [{ text, role: "fixed" }];
      if (parent?.name === "attribute" && node.field === "attribute")
        return [isClassMember(parent) ? { text, role: "fixed" } : { text, ...memberOf(fieldOf(parent, "object")) }];
      if (parent?.name === "keyword_argument" && node.field === "name") return [{ text, role: "fixed" }];
      const isDefinition = /^(?:function|class)_definition$/u.test(parent?.name ?? "") && node.field === "name";
      const within = around.slice(0, isDefinition ? -1 : undefined).findLast(({ name }) => scope.test(name));
      if (within?.name === "class_definition" && (isDefinition || bound.has(node)))
        return [{ text, role: isDefinition ? "shared" : "fixed", isMember: true, binds: true, isOpen: true }];
      const binds = isDefinition || bound.has(node);
      const isParameter = parameters.has(node);
      return [{ text, role: "variable", binds, isOpen: binds && within === undefined, isParameter }];
    },
  };

  function imported(node: SyntaxNode, around: readonly SyntaxNode[], statement: SyntaxNode): CodePart[] | undefined {
    const parent = around.at(-1);
    const text = textOf(node).replaceAll(/\s/gu, "");
    const ofModule = fieldOf(statement, "module_name");
    if (node.field === "alias") return [{ text, role: "variable", binds: true, isOpen: true }];
    if (node === ofModule) return [{ text, role: "module" }];
    if (node.name !== "dotted_name") return undefined;
    if (ofModule === undefined) {
      const first = text.split(".")[0] ?? text;
      const own: CodePart[] =
        parent?.name === "aliased_import" ? [] : [{ text: "as" }, { text: first, role: "variable", binds: true }];
      return [{ text, role: "module" }, ...own];
    }
    const loaded: CodePart = { text, role: isOurs(textOf(ofModule)) ? "shared" : "fixed" };
    return parent?.name === "aliased_import"
      ? [loaded]
      : [loaded, { text: "as" }, { text, role: "variable", binds: true, isOpen: true }];
  }
}

/** Decorators of Python itself, which read no types. */
const typeless =
  /^@(?:(?:contextlib|abc|functools|typing)\.)?(?:property|staticmethod|classmethod|abstractmethod|(?:async)?contextmanager|cached_property|lru_cache|cache|wraps|overload|override|final)\b|^@\w+\.(?:setter|getter|deleter)$/u;

/** Whether a definition has a decorator that may read its types. */
const mayReadTypes = ({ name, children }: SyntaxNode): boolean =>
  name === "decorated_definition" && children.some((one) => one.name === "decorator" && !typeless.test(textOf(one)));

/** `a: int` in a class that nothing but its own body makes. */
function isBareAnnotation({ children }: SyntaxNode, around: readonly SyntaxNode[]): boolean {
  const [assignment] = children;
  const [definition, block] = [around.at(-2), around.at(-1)];
  if (assignment?.name !== "assignment" || fieldOf(assignment, "right") !== undefined) return false;
  if (block?.name !== "block" || definition?.name !== "class_definition") return false;
  return fieldOf(definition, "superclasses") === undefined && around.at(-3)?.name !== "decorated_definition";
}

/** Whether a text is the first statement of a module, class or function. */
function isDoc(around: readonly SyntaxNode[]): boolean {
  const [block, statement] = [around.at(-2), around.at(-1)];
  const first = block?.children.find((child) => !isComment(child));
  return (
    statement?.name === "expression_statement" && first === statement && /^(?:block|module)$/u.test(block?.name ?? "")
  );
}

/** Whether a text stands in `__all__ = […]`. */
const isPublicList = (around: readonly SyntaxNode[]): boolean =>
  around.length <= 4 &&
  around.some((node) => node.name === "assignment" && textOf(fieldOf(node, "left")) === "__all__");

/** Whether the nearest scope is a function, whose annotations of variables are never evaluated. */
const isLocal = (around: readonly SyntaxNode[]): boolean =>
  around.findLast(({ name }) => scope.test(name))?.name === "function_definition";

/** `self.a` without a call, which may be data of the object. */
function isClassMember(attribute: SyntaxNode): boolean {
  const after = attribute.tree.text.slice(attribute.to).trimStart();
  return /^(?:self|cls)$/u.test(textOf(fieldOf(attribute, "object"))) && !after.startsWith("(");
}

function rootOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const inner =
    node?.name === "attribute"
      ? fieldOf(node, "object")
      : node?.name === "call"
        ? fieldOf(node, "function")
        : node?.name === "subscript"
          ? fieldOf(node, "value")
          : node?.name === "parenthesized_expression" || node?.name === "await"
            ? node.children[1]
            : undefined;
  return inner === undefined ? node : rootOf(inner);
}
