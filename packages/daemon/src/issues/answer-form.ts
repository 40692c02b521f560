/** Reads a comment on an issue: whether it addresses aedev, and what it answers. docs/GITHUB.md has the form. */

/** A comment that addresses aedev: it tries to decide, or it answers questions by their ids. `text`: an answer without ids, enough for a single question. */
export type CommentMeaning =
  | { readonly kind: "decision" }
  | { readonly kind: "answers"; readonly answers: readonly { readonly id: string; readonly text: string }[] }
  | { readonly kind: "text"; readonly text: string };

const command = /^\s*\/aedev(?=\s|$)/i;
const decision = /^\s*(?:\/aedev\s+)?(?:approved?|reject(?:ed)?|lgtm|merge|ship it)\s*[.!]*\s*$/i;
const answerLine = /^\s*([a-z][a-z0-9-]{0,39}):\s*(.*)$/i;

/** Null: the comment is for people. `ids`: the open questions' ids. */
export function meaningOf(body: string, ids: readonly string[]): CommentMeaning | null {
  const text = body.replaceAll("\r\n", "\n");
  if (decision.test(text)) return { kind: "decision" };
  if (!command.test(text)) return null;
  const said = text.replace(command, "").trim();
  return answersIn(said, ids) ?? { kind: "text", text: said };
}

/** A line that begins with a question's id and a colon begins an answer, which other lines continue. Null if the first line begins none. */
function answersIn(text: string, ids: readonly string[]): CommentMeaning | null {
  const answers: { id: string; text: string }[] = [];
  for (const line of text.split("\n")) {
    const [, id, start = ""] = answerLine.exec(line) ?? [];
    const last = answers.at(-1);
    if (id !== undefined && ids.includes(id.toLowerCase())) answers.push({ id: id.toLowerCase(), text: start });
    else if (last === undefined) return null;
    else last.text += `\n${line}`;
  }
  return { kind: "answers", answers: answers.map((answer) => ({ ...answer, text: answer.text.trim() })) };
}
