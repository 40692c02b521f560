/** Lists the fields of a Python class that keeps nothing elsewhere, by its syntax tree. A class that could keep something in a way that the tree does not show has none. Pure. */
import { childOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

/** What sets or computes fields in a way that their names do not show. */
const hidden =
  /__dict__|setattr|__setattr__|__getattr__|__getattribute__|property|\.setter|vars\s*\(|__get__|__set_name__/u;

/**
 * What a class sets on itself, declares with a type or has slots for. `self`: what its methods call their object. Null if anything in the class could have more, as
 * a name that it only reads, or give a field's value in another form.
 */
export function classFields(owner: SyntaxNode, self: string, tree: SyntaxTree): ReadonlySet<string> | null {
  // Python reads names in their compatible form.
  if (hidden.test(sourceText(tree, owner).normalize("NFKC"))) return null;
  const members = partsOf(childOf(owner, "Body"));
  const methods = new Set<string>();
  const fields = new Set<string>();
  for (const member of members) {
    const method = methodIn(member);
    if (method !== null) {
      const name = sourceText(tree, childOf(method, "VariableName") ?? method);
      if (methods.has(name) || !callsItself(self, { member, method }, tree)) return null;
      methods.add(name);
    } else if (!isPlainMember(member)) return null;
    else if (member.name === "AssignStatement") {
      const declared = declaredIn(member, tree);
      if (declared === null) return null;
      for (const name of declared) fields.add(name);
    }
  }
  const used = usedNames(owner, self, tree);
  if (used === null) return null;
  for (const name of used.set) fields.add(name);
  // What is only read comes from elsewhere.
  const isElsewhere = [...used.read].some((name) => !fields.has(name) && !methods.has(name) && name !== "__class__");
  const isComputed = members.some((member) => computes(member, fields, tree));
  return isComputed || isElsewhere || [...fields].some((name) => methods.has(name)) ? null : fields;
}

function methodIn(member: SyntaxNode): SyntaxNode | null {
  const inner = member.name === "DecoratedStatement" ? member.children.at(-1) : member;
  return inner?.name === "FunctionDefinition" ? inner : null;
}

/** Whether a method calls its object `self`, if it has one. */
function callsItself(
  self: string,
  { member, method }: { member: SyntaxNode; method: SyntaxNode },
  tree: SyntaxTree,
): boolean {
  const decorators = member === method ? [] : member.children.slice(0, -1);
  if (decorators.some((one) => /^@(?:static|class)method$/u.test(sourceText(tree, one).trim()))) return true;
  const [, first] = childOf(method, "ParamList")?.children ?? [];
  return first === undefined || first.name === ")" || sourceText(tree, first) === self;
}

/** A field, a text that documents the class, or nothing. */
function isPlainMember(member: SyntaxNode): boolean {
  if (member.name === "ExpressionStatement")
    return member.children.every(({ name }) => name === "String" || name === "Ellipsis");
  return member.name === "AssignStatement" || member.name === "PassStatement";
}

/** What a statement of the class declares with a type, or gives as slots; null for slots that are not written out. */
function declaredIn(statement: SyntaxNode, tree: SyntaxTree): string[] | null {
  const [target, ...rest] = statement.children;
  const name = target === undefined ? "" : sourceText(tree, target);
  if (name === "__slots__") {
    const value = rest.slice(rest.findIndex((one) => one.name === "AssignOp"));
    const inside = value.flatMap(allNodes);
    const texts = inside.filter((one) => one.name === "String").map((one) => sourceText(tree, one));
    const isWritten = inside.every((one) =>
      /^(?:\W+|String|AssignOp|TupleExpression|ArrayExpression)$/u.test(one.name),
    );
    return isWritten && texts.every((text) => /^(["'])\w+\1$/u.test(text))
      ? texts.map((one) => one.slice(1, -1))
      : null;
  }
  return rest.some((one) => one.name === "TypeDef") ? [name] : [];
}

/** Whether a statement of the class gives one of the fields anything but a constant: it could be an object that decides what reading the field gives. */
function computes(member: SyntaxNode, fields: ReadonlySet<string>, tree: SyntaxTree): boolean {
  const at = member.children.findIndex(({ name }) => name === "AssignOp");
  if (member.name !== "AssignStatement" || at === -1) return false;
  const targets = member.children.slice(0, at).flatMap(allNodes);
  const last = member.children.at(-1);
  const value = member.children.slice(at + 1);
  const isField = targets.some((one) => one.name === "VariableName" && fields.has(sourceText(tree, one)));
  const isDefault =
    value.length === 1 && last !== undefined && /^(?:dataclasses\.)?field\(/u.test(sourceText(tree, last));
  return (
    isField && !isDefault && value.flatMap(allNodes).some(({ name }) => /^(?:VariableName|CallExpression)$/u.test(name))
  );
}

/** The members that a class reads of itself, and those that it sets on any object. Null if it gives itself away by another name. */
function usedNames(owner: SyntaxNode, self: string, tree: SyntaxTree): { read: Set<string>; set: Set<string> } | null {
  const [read, set] = [new Set<string>(), new Set<string>()];
  let isKept = true;
  const memberOf = (node: SyntaxNode) => {
    const name = node.name === "MemberExpression" ? childOf(node, "PropertyName") : undefined;
    return name === undefined ? null : sourceText(tree, name);
  };
  const visit = (node: SyntaxNode): void => {
    for (const target of targetsOf(node).flatMap(allNodes)) {
      const name = memberOf(target);
      if (name !== null) set.add(name);
    }
    for (const [index, child] of node.children.entries()) {
      const isItself = child.name === "VariableName" && sourceText(tree, child) === self;
      if (isItself && node.name === "MemberExpression" && index === 0) {
        const name = memberOf(node);
        if (name !== null) read.add(name);
      } else if (isItself && !staysItself(node)) isKept = false;
      if (child.name === "ArgList" && isPassed(node, { list: child, self }, tree)) isKept = false;
      visit(child);
    }
  };
  visit(owner);
  return isKept ? { read, set } : null;
}

/** Where the object's name stands alone without getting another one. What calls get it is judged by `isPassed`. */
function staysItself({ name, children }: SyntaxNode): boolean {
  if (name === "BinaryExpression") return !children.some((one) => one.name === "and" || one.name === "or");
  return /^(?:ParamList|ArgList|ReturnStatement|UnaryExpression|FormatReplacement)$/u.test(name);
}

/** Whether a call gets the object, and is none that only asks about it. */
function isPassed(call: SyntaxNode, { list, self }: { list: SyntaxNode; self: string }, tree: SyntaxTree): boolean {
  const callee = call.children[0];
  const isGiven = list.children.some((one) => one.name === "VariableName" && sourceText(tree, one) === self);
  return isGiven && !/^(?:type|isinstance|repr|str|len|iter|bool|hash|id)$/u.test(sourceText(tree, callee ?? list));
}

/** What a statement assigns to, or goes through. */
function targetsOf({ name, children }: SyntaxNode): readonly SyntaxNode[] {
  if (name === "UpdateStatement") return children.slice(0, 1);
  if (name === "AssignStatement") {
    const to = children.findLastIndex((one) => one.name === "AssignOp");
    return children.slice(0, to === -1 ? undefined : to).filter((one) => one.name !== "TypeDef");
  }
  const from = children.findIndex((one) => one.name === "for");
  return from === -1
    ? []
    : children.slice(
        from + 1,
        children.findLastIndex((one) => one.name === "in"),
      );
}

function allNodes(node: SyntaxNode): SyntaxNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}
