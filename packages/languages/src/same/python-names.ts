/** The names of Python: which are variables of the file, which belong to other files, and which nobody in the repository decides. Pure. */
import { boundTargets, importOf, parametersOf, pythonImport } from "../python/python-syntax.ts";
import { fieldOf, isComment, nodesIn, partsIn, quotedAlike, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { contentOf } from "./names.ts";
import { type CodePart, hasCode, isTestName, isTextNode, type NamedFile, type Names, rootNameOf } from "./part.ts";
import { pythonTypes, typelessDecorators } from "./python-types.ts";

const scope = /^(?:function_definition|class_definition|lambda)$/u;

export function pythonNames(file: NamedFile): Names {
  const { tree, isOurs } = file;
  const bound = new Set<SyntaxNode>();
  const parameters = new Set<SyntaxNode>();
  const own = new Set<string>();
  const foreign = new Set<string>();
  for (const node of nodesIn(tree.root)) {
    for (const target of boundTargets(node)) if (target.name === "identifier") bound.add(target);
    if (/^(?:function_definition|lambda)$/u.test(node.name))
      for (const one of parametersOf(node)) {
        bound.add(one);
        parameters.add(one);
      }
    if (!pythonImport.test(node.name)) continue;
    const { module, names } = importOf(node);
    for (const { name, own: alias } of names) {
      if (isOurs(module ?? name)) own.add(alias ?? name);
      else foreign.add(alias ?? name.split(".")[0] ?? name);
    }
  }
  const classes = new Set(own);
  for (const node of nodesIn(tree.root)) if (hasNoBase(node)) classes.add(textOf(fieldOf(node, "name")));
  /** Whether a value is a new object of a class of the repository: `A(1)`. */
  const isMade = (value: SyntaxNode | undefined): boolean => {
    const name = value?.name === "call" ? textOf(fieldOf(value, "function")) : "";
    return /^_*\p{Lu}/u.test(name) && classes.has(name);
  };
  const made = namesMade(tree.root, [...bound], isMade);
  const isTypeless = typelessDecorators(tree);

  /** What decides about the members of an object; nobody in the repository, unless the object is surely its own. */
  const memberOf = (
    object: SyntaxNode | undefined,
    around: readonly SyntaxNode[],
  ): Pick<CodePart, "role" | "isMember"> => {
    const name = textOf(object);
    const isOwn = own.has(name) && !/^_*\p{Lu}/u.test(name);
    if (isOwn) return { role: "shared" };
    const definition = around.findLast((one) => one.name === "class_definition");
    const isSelf = /^(?:self|cls)$/u.test(name) && definition !== undefined && hasNoBase(definition);
    const isKnown =
      isSelf || isMade(object) || (object?.name === "identifier" && (made.has(name) || classes.has(name)));
    return isKnown
      ? { role: "shared", isMember: true }
      : { role: "fixed", isMember: !foreign.has(rootNameOf(object) ?? "") };
  };

  return {
    isType: pythonTypes(tree),
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
        return [
          isClassMember(parent) ? { text, role: "fixed" } : { text, ...memberOf(fieldOf(parent, "object"), around) },
        ];
      if (parent?.name === "keyword_argument" && node.field === "name") return [{ text, role: "fixed" }];
      if (parent?.name === "keyword_pattern" && parent.children[0] === node) return [{ text, role: "fixed" }];
      if (parent?.name === "dotted_name" && parent.children[0] !== node) return [{ text, role: "fixed" }];
      const isDefinition = /^(?:function|class)_definition$/u.test(parent?.name ?? "") && node.field === "name";
      const within = around.slice(0, isDefinition ? -1 : undefined).findLast(({ name }) => scope.test(name));
      const isKnown = isDefinition && isReadElsewhere(around, within);
      // The runner finds tests by their names, whatever their class and decorators are.
      const isLoaded = isKnown && !(file.isTest && isTestName(text));
      if (within?.name === "class_definition" && (isDefinition || bound.has(node)))
        return [{ text, role: isDefinition ? "shared" : "fixed", isMember: true, binds: true, isOpen: true, isLoaded }];
      const binds = (isDefinition && !isLoaded) || bound.has(node);
      const isParameter = parameters.has(node);
      const isOpen = (isDefinition || binds) && within === undefined;
      return [{ text, role: "variable", binds, isOpen, isLoaded, isParameter }];
    },
  };

  /** Whether a base class or a decorator may read a definition's name. */
  function isReadElsewhere(around: readonly SyntaxNode[], within: SyntaxNode | undefined): boolean {
    const decorated = around.at(-2)?.name === "decorated_definition" ? around.at(-2)?.children : undefined;
    const isDecorated = decorated?.some((one) => one.name === "decorator" && !isTypeless(one)) === true;
    return isDecorated || (within?.name === "class_definition" && !hasNoBase(within));
  }

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
      : [loaded, { text: "as" }, { text, role: "variable", binds: true, isOpen: true, isLoaded: true }];
  }
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

/** `self.a` without a call, which may be data of the object. */
function isClassMember(attribute: SyntaxNode): boolean {
  const after = attribute.tree.text.slice(attribute.to).trimStart();
  return /^(?:self|cls)$/u.test(textOf(fieldOf(attribute, "object"))) && !after.startsWith("(");
}

/** Whether a node is a class that gets nothing from another one. */
const hasNoBase = (node: SyntaxNode): boolean =>
  node.name === "class_definition" && /^(?:\(\s*(?:object)?\s*\))?$/u.test(textOf(fieldOf(node, "superclasses")));

/** Names of variables that never are anything else than what `isMade` accepts. */
function namesMade(
  root: SyntaxNode,
  bound: readonly SyntaxNode[],
  isMade: (value: SyntaxNode | undefined) => boolean,
): Set<string> {
  const made = [...nodesIn(root)].flatMap((node) =>
    node.name === "assignment" && isMade(fieldOf(node, "right")) ? partsIn(node, "left") : [],
  );
  const others = new Set(bound.filter((one) => !made.includes(one)).map(textOf));
  return new Set(made.map(textOf).filter((name) => !others.has(name)));
}
