/** A change by file, with line numbers. Each file can be closed, and more of a long one is read on demand. */
import type { ChangeToDecide, PatchFileDocument, PatchLineDocument } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { call } from "../api/client.ts";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";
import { actionState } from "./action.ts";
import type { CodePiece } from "./code-pieces.ts";
import { Command } from "./command.tsx";
import { CommentRows, type Comments } from "./line-comments.tsx";
import { findPieces } from "./syntax.ts";
import { TellTold } from "./told.tsx";

type Change = Pick<ChangeToDecide, "digest" | "files_omitted" | "patch_command"> & {
  readonly files: readonly PatchFileDocument[];
};

export function Patch({ taskId, change, comments }: { taskId: string; change: Change; comments: Comments }) {
  const t = texts.value;
  const { files, files_omitted, patch_command } = change;
  const sum = (of: "added" | "removed") => files.reduce((total, file) => total + file[of], 0);
  const isTruncated =
    files_omitted > 0 || files.some(({ lines }) => lines.some(({ truncated }) => truncated !== undefined));
  return (
    <section class="rows" aria-label={t.files}>
      <h2>{t.filesLine(files.length + files_omitted, sum("added"), sum("removed"))}</h2>
      <p class="soft">{t.commentHelp}</p>
      {files.map((file, at) => (
        <FileOf
          file={file}
          more={{ taskId, digest: change.digest, at }}
          comments={comments}
          key={`${change.digest} ${at}`}
        />
      ))}
      {isTruncated && (
        <div class="notice warn">
          {t.patchTruncated(files_omitted)}
          <Command text={patch_command} />
        </div>
      )}
    </section>
  );
}

interface MoreOf {
  readonly taskId: string;
  readonly digest: string;
  /** The file's place in the change. */
  readonly at: number;
}

function FileOf({ file, more, comments }: { file: PatchFileDocument; more: MoreOf; comments: Comments }) {
  const t = texts.value;
  const isOpen = useSignal(file.lines.length > 0);
  const read = useSignal<PatchFileDocument>(file);
  const action = useMemo(actionState, []);
  const { path, renamed_from, added, removed, lines, omitted } = read.value;
  const pieces = useCodePieces(path, lines, isOpen.value);
  const readMore = () =>
    action.run(async () => {
      const query = { digest: more.digest, file: more.at, from: lines.length };
      const next = await call("showPatchFile", { params: { id: more.taskId }, query });
      read.value = { ...next, lines: [...lines, ...next.lines] };
    }, "");
  return (
    <details
      class="file"
      open={isOpen.value}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>
        {renamed_from !== null && `${visible(renamed_from)} → `}
        {visible(path)}{" "}
        <span class="soft">
          +{added} −{removed}
        </span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a person without a mouse scrolls it by keys. */}
      <section class="diff" tabIndex={0} aria-label={visible(path)} onKeyDown={moveInLines}>
        <table>
          {/* The rows of a closed file are not made. */}
          <tbody>
            {isOpen.value &&
              lines.map((line, at) => {
                const place = `${more.digest} ${more.at} ${at}`;
                const write = () => {
                  comments.writingAt.value = place;
                };
                return (
                  <Fragment key={at}>
                    <Line line={line} pieces={pieces.get(at)} write={write} isFirst={at === firstOf(lines)} />
                    <CommentRows comments={comments} place={place} path={path} line={line} />
                  </Fragment>
                );
              })}
          </tbody>
        </table>
      </section>
      {omitted > 0 && (
        <button type="button" disabled={action.isBusy.value} onClick={() => void readMore()}>
          {t.moreLines(omitted)}
        </button>
      )}
      {action.told.value?.tone === "bad" && <TellTold told={action.told} />}
    </details>
  );
}

/** The colours of an open file's lines; none until they are found. */
function useCodePieces(
  path: string,
  lines: readonly PatchLineDocument[],
  isOpen: boolean,
): ReadonlyMap<number, readonly CodePiece[]> {
  const found = useSignal<ReadonlyMap<number, readonly CodePiece[]>>(new Map());
  useEffect(() => {
    if (isOpen)
      return findPieces({ path, lines }, (pieces) => {
        found.value = pieces;
      });
    return undefined;
  }, [path, lines, isOpen]);
  return found.value;
}

/** The first line with a number, which the tab key reaches. */
function firstOf(lines: readonly PatchLineDocument[]): number {
  return lines.findIndex(({ kind }) => kind !== "hunk" && kind !== "note");
}

/** Moves from line to line by keys; `c` writes a comment on the line. */
function moveInLines(event: KeyboardEvent): void {
  const { key, target, currentTarget } = event;
  const step = key === "ArrowDown" || key === "j" ? 1 : key === "ArrowUp" || key === "k" ? -1 : 0;
  if (!(target instanceof HTMLButtonElement && target.matches(".number button") && currentTarget instanceof Element))
    return;
  if (key === "c") {
    event.preventDefault();
    target.click();
  }
  if (step === 0) return;
  event.preventDefault();
  const all = [...currentTarget.querySelectorAll<HTMLButtonElement>(".number button")];
  all[all.indexOf(target) + step]?.focus();
}

interface LineProperties {
  readonly line: PatchLineDocument;
  /** Undefined: the line has no colours. */
  readonly pieces: readonly CodePiece[] | undefined;
  readonly write: () => void;
  readonly isFirst: boolean;
}

function Line({ line: { kind, before, after, text, truncated }, pieces, write, isFirst }: LineProperties) {
  const t = texts.value;
  const isCode = kind !== "hunk" && kind !== "note";
  const number = after ?? before ?? 0;
  const onClick = () => {
    // Who selects text to copy it does not comment.
    if (isCode && getSelection()?.isCollapsed !== false) write();
  };
  return (
    <tr class={kind} onClick={onClick}>
      <td class="number">{before ?? ""}</td>
      <td class="number">
        {isCode ? (
          <button type="button" tabIndex={isFirst ? 0 : -1} aria-label={t.commentOn(number)}>
            {after ?? "·"}
          </button>
        ) : (
          ""
        )}
      </td>
      <td>
        {pieces === undefined
          ? visible(text)
          : pieces.map((piece, at) =>
              piece.class === "" ? (
                visible(piece.text)
              ) : (
                <span class={piece.class} key={at}>
                  {visible(piece.text)}
                </span>
              ),
            )}
        {truncated !== undefined && <em> {t.charactersMore(truncated)}</em>}
      </td>
    </tr>
  );
}
