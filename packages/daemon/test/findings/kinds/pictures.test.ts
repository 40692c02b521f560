/** Which files are nothing but pictures. */
import { expect, it } from "vitest";
import { isPicture } from "../../../src/findings/kinds/pictures.ts";

const svg = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/>${inner}</svg>\n`;

it.each([
  ["a.png", "\x89PNG\r\n\x1a\n...", true],
  ["a.PNG", "\x89PNG\r\n\x1a\n...", true],
  ["a.jpg", "\xff\xd8\xff\xe0", true],
  ["a.gif", "GIF89a..", true],
  ["a.webp", "RIFF1234WEBPVP8 ", true],
  ["a.ico", "\0\0\x01\0\x01", true],
  ["a.svg", svg('<use href="#a"/>'), true],
  ["a.svg", `<?xml version="1.0"?>\n${svg("")}`, true],
  ["a.png", "#!/bin/sh\n", false],
  ["a.jpg", "\x89PNG\r\n\x1a\n...", false],
  ["a.bin", "\x89PNG\r\n\x1a\n...", false],
  ["a.svg", svg("<script>go()</script>"), false],
  ["a.svg", svg('<a onclick="go()"/>'), false],
  ["a.svg", svg('<image href="https://a.example/b.png"/>'), false],
  ["a.svg", svg('<a xlink:href="javascript:go()"/>'), false],
  ["a.svg", "go();\n<svg/>", false],
  ["a.svg", svg("<style>path { fill: url('#b') }</style>"), true],
  ["a.svg", svg("<style>path { fill: url(//a.example/b) }</style>"), false],
])("tells whether %s with %j is a picture", (path, text, expected) => {
  expect(isPicture(path, Buffer.from(text, "latin1"))).toBe(expected);
});
