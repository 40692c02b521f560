/** Paths that control agents, forges and tools (SECURITY T7): a change to them is never merged without approval. Configuration can extend this list but not shorten it. */
export const alwaysAskedPaths: readonly string[] = [
  ".aedev.yaml",
  ".agent/**",
  "CLAUDE.md",
  "AGENTS.md",
  "GEMINI.md",
  ".claude/**",
  ".mcp.json",
  ".cursor/**",
  ".github/**",
  "CODEOWNERS",
  ".gitattributes",
  ".gitmodules",
  ".npmrc",
  ".pnpmfile.cjs",
  ".husky/**",
  ".vscode/**",
  ".devcontainer/**",
];

/** The entries that a list lacks, and the message that refuses it. */
export function lackingPaths(globs: readonly unknown[]): { lacking: readonly string[]; message: string } {
  const lacking = alwaysAskedPaths.filter((glob) => !globs.includes(glob));
  return { lacking, message: `may be extended, never shortened: ${lacking.join(", ")} missing` };
}
