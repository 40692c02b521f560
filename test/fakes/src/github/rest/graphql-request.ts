/** One GraphQL request as the fake GitHub understands it: the only field of its operation with its arguments, and the selection of its answer. */
import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";

export interface GraphqlRequest {
  /** The operation's only field, for example `enqueuePullRequest`. */
  readonly field: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Returns the selected fields of a document, whose functions compute fields that have arguments. Throws for a field that the document lacks. */
  readonly select: (document: unknown) => unknown;
}

/** Returns GitHub's refusal if the query is no such request. */
export function readGraphql(query: string, variables: Record<string, unknown>): GraphqlRequest | string {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  const [node, ...others] = operation?.selectionSet.selections ?? [];
  if (document.definitions.length !== 1 || node?.kind !== Kind.FIELD || others.length > 0)
    return "The fake of GitHub answers operations with one field only";
  return { field: node.name.value, arguments: argumentsOf(node, variables), select: selectorOf(node, variables) };
}

function selectorOf({ selectionSet }: FieldNode, variables: Record<string, unknown>): GraphqlRequest["select"] {
  return (document) => select(document, selectionSet, variables);
}

function argumentsOf(node: FieldNode, variables: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
  );
}

function select(
  document: unknown,
  selected: SelectionSetNode | undefined,
  variables: Record<string, unknown>,
): unknown {
  if (document === null || selected === undefined) return document;
  if (Array.isArray(document)) return document.map((item) => select(item, selected, variables));
  const from = document as Readonly<Record<string, unknown>>;
  const entries = selected.selections.flatMap((node): [string, unknown][] => {
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const isOther = node.typeCondition !== undefined && node.typeCondition.name.value !== from["__typename"];
      return isOther ? [] : Object.entries(select(from, node.selectionSet, variables) as object);
    }
    if (node.kind !== Kind.FIELD || !Object.hasOwn(from, node.name.value))
      throw new GraphQLError(`Field '${node.kind === Kind.FIELD ? node.name.value : "..."}' doesn't exist`);
    const found = from[node.name.value];
    const value: unknown = typeof found === "function" ? found(argumentsOf(node, variables)) : found;
    return [[(node.alias ?? node.name).value, select(value, node.selectionSet, variables)]];
  });
  return Object.fromEntries(entries);
}
