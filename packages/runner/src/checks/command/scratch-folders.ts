/** The folders that well-known tools write in a checkout while tests run. Pure. Anything else that a repository's tests write is named in its settings (`writable`). */

/** Folders by a pattern of the command text that uses them. Sources: each tool's documentation of its default cache or output folder. */
const toolFolders: readonly { command: RegExp; folders: readonly string[] }[] = [
  { command: /\b(?:nyc|c8|istanbul)\b/u, folders: ["coverage", ".nyc_output"] },
  { command: /--coverage\b/u, folders: ["coverage"] },
  { command: /\b(?:py\.test|pytest|tox|nox)\b/u, folders: [".pytest_cache"] },
  { command: /\b(?:hypothesis|pytest)\b/u, folders: [".hypothesis"] },
  { command: /\bmypy\b/u, folders: [".mypy_cache"] },
  { command: /\bruff\b/u, folders: [".ruff_cache"] },
  { command: /\bvitest\b/u, folders: ["node_modules/.vite", "node_modules/.vite-temp", "node_modules/.vitest"] },
  { command: /\b(?:ava|babel|eslint|prettier|nyc|jest|xo|c8)\b/u, folders: ["node_modules/.cache"] },
  { command: /\bcargo\b/u, folders: ["target"] },
  { command: /\btap\b/u, folders: [".tap"] },
];

/** The scratch folders of a command; `text` is the command with the scripts that it runs, one per line. */
export function scratchFolders(text: string): string[] {
  return [...new Set(toolFolders.filter(({ command }) => command.test(text)).flatMap(({ folders }) => folders))];
}
