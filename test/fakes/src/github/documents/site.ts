/**
 * The address of the fake GitHub, and its node ids, both of which every document needs.
 *
 * Folder: the fake's answers, in the form of GitHub's documents.
 */

export interface GitHubSite {
  /** Origin of pages and git, for example `http://127.0.0.1:40001`. */
  readonly origin: string;
  /** Address of the REST API, without a slash at its end. */
  readonly api: string;
}

/** An opaque global id: its prefix names the kind, as in GitHub's own. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_kwDO${Buffer.from(String(id)).toString("base64url")}`;
}

/** The number in a node id of this kind; undefined if it is of another kind. */
export function idOfNode(prefix: string, node: string): number | undefined {
  const start = `${prefix}_kwDO`;
  if (!node.startsWith(start)) return undefined;
  const id = Number(Buffer.from(node.slice(start.length), "base64url").toString());
  return Number.isSafeInteger(id) && nodeId(prefix, id) === node ? id : undefined;
}
