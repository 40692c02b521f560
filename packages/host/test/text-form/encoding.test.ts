/** The encoding of a text's bytes, recognized from short samples like those in code. */
import { describe, expect, it } from "vitest";
import { encodingOf, encodingsOf } from "../../src/text-form/encoding.ts";
import { encode } from "./encode.ts";

describe("the encoding of a file", () => {
  it.each([
    ["gbk", "// 返回一半\nexport const half = (n) => n / 2;\n"],
    ["gbk", "const name = '中文';\n"],
    ["big5", "// 錯誤訊息\nconst a = 1;\n"],
    ["shift_jis", "// 半分を返す\nconst a = 'ソース表示';\n"],
    ["euc-jp", "// 半分を返す\n"],
    ["euc-kr", "// 절반을 돌려준다\n"],
    ["windows-1252", "// Größe: „Müller“, café déjà vu\n"],
    ["windows-1251", "// Возвращает половину\n"],
    ["koi8-r", "// Возвращает половину\n"],
    ["windows-1253", "// Επιστρέφει το μισό\n"],
    ["utf-8", "// 返回一半 Größe половину\n"],
  ])("recognizes %s by its letters", (label, text) => {
    expect(encodingOf(label === "utf-8" ? Buffer.from(text) : encode(text, label))).toBe(label);
  });

  it("finds no encoding for bytes that are not text, and UTF-16 only with a byte order mark", () => {
    expect(encodingOf(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]))).toBeNull();
    expect(encodingOf(Buffer.from([0x41, 0x01, 0xe4, 0x42]))).toBeNull();
    expect(encodingOf(Buffer.from("\ufeffhi", "utf16le"))).toBe("utf-16le");
    expect(encodingOf(Buffer.from("hi", "utf16le"))).toBeNull();
  });

  it("recognizes an encoding by lines that both sides of a change have", () => {
    // Four bytes of Polish that look like Big5 on their own.
    const text = "// połowa żółć\nconst a = 1;\n";
    expect(encodingsOf(encode(text, "windows-1250"), Buffer.from(text))).toEqual({
      before: "windows-1250",
      after: "utf-8",
    });
  });

  it("keeps the old encoding if the new bytes can be read in it", () => {
    const before = encode("// 返回一半\nconst name = '中文';\n", "gbk");
    const after = encode("// 返回一半\nconst name = '英文';\n", "gbk");
    expect(encodingsOf(before, after)).toEqual({ before: "gbk", after: "gbk" });
  });
});
