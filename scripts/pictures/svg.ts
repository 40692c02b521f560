/** Draws lines of a terminal as one self-contained SVG: text stays text, with no script, font or external reference. Pure. */
import type { Line, Style } from "./transcript.ts";

const columnsMax = 118;
const fontSize = 12;
const columnWidth = 7.3;
const lineHeight = 16;
const margin = 14;

/** Each has a contrast with the background above 4.5. */
const colors: Readonly<Record<Style, string>> = {
  plain: "#d6deeb",
  good: "#7fd88f",
  bad: "#ff8b8b",
  asked: "#f0c674",
  strong: "#ffffff",
  faint: "#93a1b5",
};
const background = "#111827";

export function svgOf(lines: readonly Line[], { title, command }: { title: string; command: string }): string {
  const shown: Line[] = [[{ style: "strong", text: `$ ${command}` }], [], ...lines.map(cut)];
  const width = Math.ceil(columnsMax * columnWidth + 2 * margin);
  const height = shown.length * lineHeight + 2 * margin;
  const rules = Object.entries(colors).map(([style, color]) => `.${style}{fill:${color}}`);
  const texts = shown.flatMap((line, place) => {
    if (line.length === 0) return [];
    const y = margin + (place + 1) * lineHeight - 4;
    const spans = line.map(({ style, text }) => `<tspan class="${style}">${escapeXml(text)}</tspan>`).join("");
    return [`<text x="${margin}" y="${y}" xml:space="preserve">${spans}</text>`];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>text{font:${fontSize}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}.strong{font-weight:bold}${rules.join("")}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
    ...texts,
    "</svg>",
    "",
  ].join("\n");
}

/** Truncates to the picture's width, with an ellipsis. */
function cut(line: Line): Line {
  const kept: { style: Style; text: string }[] = [];
  let room = columnsMax;
  for (const { style, text } of line) {
    if (room <= 0) break;
    kept.push({ style, text: text.length <= room ? text : `${text.slice(0, room - 1)}…` });
    room -= text.length;
  }
  return kept;
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
