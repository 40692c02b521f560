/** A change by file, with line numbers. Each file can be closed, and more of a long one is read on demand. */
import type { ChangeToDecide, PatchFileDocument, PatchLineDocument } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { call } from "../api/client.ts";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";
import { actionState } from "./action.ts";
import { TellTold } from "./told.tsx";

type Change = Pick<ChangeToDecide, "digest" | "files_omitted" | "patch_command"> & {
  readonly files: readonly PatchFileDocument[];
};

export function Patch({ taskId, change }: { taskId: string; change: Change }) {
  const t = texts.value;
  const { files, files_omitted, patch_command } = change;
  const sum = (of: "added" | "removed") => files.reduce((total, file) => total + file[of], 0);
  const isTruncated =
    files_omitted > 0 || files.some(({ lines }) => lines.some(({ truncated }) => truncated !== undefined));
  return (
    <section class="rows" aria-label={t.files}>
      <h2>{t.filesLine(files.length + files_omitted, sum("added"), sum("removed"))}</h2>
      {files.map((file, at) => (
        <FileOf file={file} more={{ taskId, digest: change.digest, at }} key={`${change.digest} ${at}`} />
      ))}
      {isTruncated && (
        <p class="notice warn">
          {t.patchTruncated(files_omitted)}
          <code>{patch_command}</code>
        </p>
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

function FileOf({ file, more }: { file: PatchFileDocument; more: MoreOf }) {
  const t = texts.value;
  const isOpen = useSignal(file.lines.length > 0);
  const read = useSignal<PatchFileDocument>(file);
  const action = useMemo(actionState, []);
  const { path, renamed_from, added, removed, lines, omitted } = read.value;
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
      <section class="diff" tabIndex={0} aria-label={visible(path)}>
        <table>
          {/* The rows of a closed file are not made. */}
          <tbody>{isOpen.value && lines.map((line, at) => <Line line={line} key={at} />)}</tbody>
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

function Line({ line: { kind, before, after, text, truncated } }: { line: PatchLineDocument }) {
  return (
    <tr class={kind}>
      <td class="number">{before ?? ""}</td>
      <td class="number">{after ?? ""}</td>
      <td>
        {visible(text)}
        {truncated !== undefined && <em> {texts.value.charactersMore(truncated)}</em>}
      </td>
    </tr>
  );
}
