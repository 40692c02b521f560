/** Lists the fields of a Python class that keeps nothing elsewhere, by its syntax tree. A class that could keep something in a way that the tree does not show has none. Pure. */
import { boundTargets, isPlainText, isVariable } from "../../python/python-syntax.ts";
import { childOf, fieldOf, partsOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";

/** What sets or computes fields in a way that their names do not show. */
const hidden =
  /__dict__|setattr|__setattr__|__getattr__|__getattribute__|property|\.setter|vars\s*\(|__get__|__set_name__/u;

/**
 * What a class sets on itself, declares with a type or has slots for. `self`: what its methods call their object. Null if anything in the class could have more, as
 * a name that it only reads, or give a field's value in another form.
 */
export function classFields(owner: SyntaxNode, self: string): ReadonlySet<string> | null {
  // Python reads names in their compatible form.
  if (hidden.test(textOf(owner).normalize("NFKC"))) return null;
  const members = partsOf(fieldOf(owner, "body"));
  const methods = new Set<string>();
  const fields = new Set<string>();
  for (const member of members) {
    const method = methodIn(member);
    if (method !== null) {
      const name = textOf(fieldOf(method, "name") ?? method);
      if (methods.has(name) || !callsItself(self, { member, method })) return null;
      methods.add(name);
      continue;
    }
    if (!isPlainMember(member)) return null;
    const assignment = childOf(member, "assignment");
    if (assignment !== undefined) {
      const declared = declaredIn(assignment);
      if (declared === null) return null;
      for (const name of declared) fields.add(name);
    }
  }
  const used = usedNames(owner, self);
  if (used === null) return null;
  for (const name of used.set) fields.add(name);
  // What is only read comes from elsewhere.
  const isElsewhere = [...used.read].some((name) => !fields.has(name) && !methods.has(name) && name !== "__class__");
  const isComputed = members.some((member) => computes(childOf(member, "assignment"), fields));
  return isComputed || isElsewhere || [...fields].some((name) => methods.has(name)) ? null : fields;
}

function methodIn(member: SyntaxNode): SyntaxNode | null {
  const inner = fieldOf(member, "definition") ?? member;
  return inner.name === "function_definition" ? inner : null;
}

/** Whether a method calls its object `self`, if it has one. */
function callsItself(self: string, { member, method }: { member: SyntaxNode; method: SyntaxNode }): boolean {
  const decorators = member === method ? [] : member.children.slice(0, -1);
  if (decorators.some((one) => /^@(?:static|class)method$/u.test(textOf(one).trim()))) return true;
  const [first] = partsOf(fieldOf(method, "parameters"));
  return first === undefined || textOf(first) === self;
}

/** A field, a text that documents the class, or nothing. */
function isPlainMember(member: SyntaxNode): boolean {
  const isPlain = (one: SyntaxNode) => /^(?:ellipsis|assignment)$/u.test(one.name) || isPlainText(one);
  return member.name === "pass_statement" || (member.name === "expression_statement" && member.children.every(isPlain));
}

/** What a statement of the class declares with a type, or gives as slots; null for slots that are not written out. */
function declaredIn(statement: SyntaxNode): string[] | null {
  const target = fieldOf(statement, "left");
  const name = textOf(target);
  if (name !== "__slots__") return fieldOf(statement, "type") === undefined ? [] : [name];
  const value = fieldOf(statement, "right");
  const inside = value === undefined ? [] : allNodes(value);
  const texts = inside.filter((one) => one.name === "string").map(textOf);
  const isWritten = inside.every((one) => /^(?:\W+|string\w*|tuple|list)$/u.test(one.name));
  return isWritten && texts.every((text) => /^(["'])\w+\1$/u.test(text)) ? texts.map((one) => one.slice(1, -1)) : null;
}

/** Whether a statement of the class gives one of the fields anything but a constant: it could be an object that decides what reading the field gives. */
function computes(member: SyntaxNode | undefined, fields: ReadonlySet<string>): boolean {
  const [target, value] = [fieldOf(member, "left"), fieldOf(member, "right")];
  if (target === undefined || value === undefined) return false;
  const isField = allNodes(target).some((one) => isVariable(one) && fields.has(textOf(one)));
  const isDefault = /^(?:dataclasses\.)?field\(/u.test(textOf(value));
  return isField && !isDefault && allNodes(value).some(({ name }) => name === "identifier" || name === "call");
}

/** The members that a class reads of itself, and those that it sets on any object. Null if it gives itself away by another name. */
function usedNames(owner: SyntaxNode, self: string): { read: Set<string>; set: Set<string> } | null {
  const [read, set] = [new Set<string>(), new Set<string>()];
  let isKept = true;
  const memberOf = (node: SyntaxNode) => {
    const name = fieldOf(node, "attribute");
    return name === undefined ? null : textOf(name);
  };
  const visit = (node: SyntaxNode): void => {
    for (const target of boundTargets(node).flatMap(allNodes)) {
      const name = memberOf(target);
      if (name !== null) set.add(name);
    }
    for (const [index, child] of node.children.entries()) {
      const isItself = isVariable(child) && textOf(child) === self;
      if (isItself && index === 0 && /^(?:attribute|subscript)$/u.test(node.name)) {
        const name = memberOf(node);
        if (name !== null) read.add(name);
      } else if (isItself && !staysItself(node)) isKept = false;
      if (child.name === "argument_list" && isPassed(node, { list: child, self })) isKept = false;
      visit(child);
    }
  };
  visit(owner);
  return isKept ? { read, set } : null;
}

/** Where the object's name stands alone without getting another one. What calls get it is judged by `isPassed`. */
function staysItself({ name }: SyntaxNode): boolean {
  return /^(?:(?:comparison|binary|unary|not)_operator|parameters|argument_list|return_statement|interpolation)$/u.test(
    name,
  );
}

/** Whether a call gets the object, and is none that only asks about it. */
function isPassed(call: SyntaxNode, { list, self }: { list: SyntaxNode; self: string }): boolean {
  const callee = call.children[0];
  const isGiven = list.children.some((one) => isVariable(one) && textOf(one) === self);
  return isGiven && !/^(?:type|isinstance|repr|str|len|iter|bool|hash|id)$/u.test(textOf(callee ?? list));
}

function allNodes(node: SyntaxNode): SyntaxNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}
