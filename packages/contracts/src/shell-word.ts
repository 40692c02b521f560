/** Quotes a text as one POSIX shell argument, for commands that aedev runs and commands that a person copies. */

/** The text itself if none of its characters is special to the shell, else the text in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
