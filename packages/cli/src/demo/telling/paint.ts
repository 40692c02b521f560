/** Colours for a demo's account where a terminal shows it; a picture or a file of it gets plain text. Pure. */
import { styleText } from "node:util";

export type Paint = Readonly<Record<"good" | "bad" | "asked" | "strong" | "faint", (text: string) => string>>;

const plain = (text: string) => text;
export const noPaint: Paint = { good: plain, bad: plain, asked: plain, strong: plain, faint: plain };

const colored =
  (format: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(format, text, { validateStream: false });

export const terminalPaint: Paint = {
  good: colored("green"),
  bad: colored("red"),
  asked: colored("yellow"),
  strong: colored("bold"),
  faint: colored("dim"),
};

/** The colour of what happened, by the words it begins with; a mission's number before them does not count. */
export function brushFor(line: string, paint: Paint): (text: string) => string {
  const words = line.replace(/^mission \d+: /, "");
  if (/^(landed|gate: merge|the gate answers merge|judge \S+ \S+ pass|\w+ says pass)/.test(words)) return paint.good;
  if (/^(held|gate: hold|the gate answers hold|tried again|red:|old tests red|refused)/.test(words)) return paint.bad;
  if (/^(gate: ask|the gate answers ask|asked|answered|phone)/.test(words)) return paint.asked;
  return plain;
}
