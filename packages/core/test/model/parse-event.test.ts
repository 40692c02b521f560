/** An event is checked alike before and after its schema is compiled, which happens once many of its type were read. */
import { expect, it } from "vitest";
import { parseEvent } from "../../src/model/event.ts";

it("parses the same event and refuses the same data, however many were read before", () => {
  const good = { notice_id: "landed/t", key: "k", folded: false };
  const read = (data: unknown) => parseEvent("PushSent", 1, data);
  const messageOf = (data: unknown) => {
    try {
      read(data);
    } catch (error) {
      return (error as Error).message;
    }
    return null;
  };
  const bad = [{ ...good, folded: "no" }, { ...good, more: 1 }, { notice_id: "n" }, null];
  const [first, refused] = [read(good), bad.map(messageOf)];
  expect(refused).not.toContain(null);
  for (let count = 0; count < 300; count += 1) read(good);
  expect(read(good)).toEqual(first);
  expect(bad.map(messageOf)).toEqual(refused);
});
