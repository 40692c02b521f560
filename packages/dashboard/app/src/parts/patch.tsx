/** A patch by file, with line numbers. Each file can be closed. */

import { useSignal } from "@preact/signals";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";
import { filesOfPatch, type PatchFile } from "./read-patch.ts";

/** A longer file opens only when the person asks for it. */
const openLinesMax = 400;

export function Patch({ patch }: { patch: string }) {
  const files = filesOfPatch(patch);
  const sum = (of: "added" | "removed") => files.reduce((total, file) => total + file[of], 0);
  return (
    <section class="rows" aria-label={texts.value.files}>
      <h2>{texts.value.filesLine(files.length, sum("added"), sum("removed"))}</h2>
      {files.map((file) => (
        <FileOf file={file} key={file.path} />
      ))}
    </section>
  );
}

function FileOf({ file }: { file: PatchFile }) {
  // The rows of a closed file are not made.
  const isOpen = useSignal(file.lines.length <= openLinesMax);
  return (
    <details
      class="file"
      open={isOpen.value}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>
        {visible(file.path)}{" "}
        <span class="soft">
          +{file.added} −{file.removed}
        </span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a person without a mouse scrolls it by keys. */}
      <section class="diff" tabIndex={0} aria-label={visible(file.path)}>
        <table>
          <tbody>
            {(isOpen.value ? file.lines : []).map(({ kind, before, after, text }, at) => (
              // The lines of one patch never move.
              <tr class={kind} key={at}>
                <td class="number">{before ?? ""}</td>
                <td class="number">{after ?? ""}</td>
                <td>{visible(text)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
