/** A terminal's alternate screen: each frame replaces the last one in a single write, and the original screen is restored at the end. */

const enter = "\x1b[?1049h\x1b[?25l";
const leave = "\x1b[?25h\x1b[?1049l";
const home = "\x1b[H";
const clearToLineEnd = "\x1b[K";
const clearBelow = "\x1b[J";

export interface Screen {
  /** Draws nothing if the frame is unchanged. */
  draw(lines: readonly string[]): void;
  /** Contract: safe to call twice. */
  close(): void;
}

export function openScreen(draw: (text: string) => void): Screen {
  let last = "";
  let open = true;
  draw(enter);
  return {
    draw(lines) {
      const picture = `${home}${lines.map((line) => `${line}${clearToLineEnd}`).join("\r\n")}${clearBelow}`;
      if (!open || picture === last) return;
      draw(picture);
      last = picture;
    },
    close() {
      if (open) draw(leave);
      open = false;
    },
  };
}
