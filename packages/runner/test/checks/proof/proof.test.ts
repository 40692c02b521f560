/** The order in which proofs are made, their input, and the entries that they add to the bundle. */
import { expect, it } from "vitest";
import {
  type AnyProof,
  type CheckedChange,
  type EvidenceEntries,
  proof,
  prove,
} from "../../../src/checks/proof/proof.ts";
import { proofsFor } from "../../../src/checks/proofs.ts";
import type { RunnerContext } from "../../../src/engine/context.ts";

const proofs = proofsFor({});
const change = {} as CheckedChange;
const context = {} as RunnerContext;

function made() {
  const order: string[] = [];
  const first = proof({
    name: "first",
    needs: {},
    prove: () => Promise.resolve(order.push("first")),
  });
  const second = proof({
    name: "second",
    needs: { count: first },
    prove: (_change, { count }) => Promise.resolve(order.push(`second after ${count}`)),
    evidence: (found): EvidenceEntries => ({ "independent-sources": `${found}` }),
  });
  return { order, first, second };
}

it("a proof that others need is made before them, and only once", async () => {
  const { order, first, second } = made();
  expect(await prove([second, first], change, context)).toEqual({ "independent-sources": "2" });
  expect(order).toEqual(["first", "second after 1"]);
});

it("a fault of a proof ends the work, and no proof is made after it", async () => {
  const { order, second } = made();
  const failing: AnyProof = { name: "failing", needs: {}, prove: () => Promise.reject(new Error("no engine")) };
  await expect(prove([failing, second], change, context)).rejects.toThrow("no engine");
  expect(order).toEqual([]);
});

it("no proof replaces an entry that another one put into the bundle", async () => {
  const { second } = made();
  const other: AnyProof = { ...second, name: "third" };
  await expect(prove([second, other], change, context)).rejects.toThrow(
    "two proofs make the entry independent-sources",
  );
});

it("the list has each proof that another one needs after that proof's own needs", () => {
  for (const [index, one] of proofs.entries())
    for (const other of Object.values(one.needs)) expect(proofs.indexOf(other), one.name).toBeLessThan(index);
  const places = ["test results", "independent tests", "second implementation"].map((name) =>
    proofs.findIndex((one) => one.name === name),
  );
  expect(
    places.toSorted((one, other) => one - other),
    "another run's builds are no evidence of this change",
  ).toEqual(places);
  expect(places[0]).not.toBe(-1);
  expect(places[2]).toBe(proofs.length - 1);
  expect(new Set(proofs.map(({ name }) => name)).size).toBe(proofs.length);
  expect(proofs.flatMap(({ needs }) => Object.values(needs)).every((other) => proofs.includes(other))).toBe(true);
});

it("only tests run for a change that can't change what runs", () => {
  const needed = proofsFor({ is_inert: true }).flatMap(({ name, needs }) => [
    name,
    ...Object.values(needs).map((one) => one.name),
  ]);
  expect([...new Set(needed)].sort()).toEqual(["independent tests", "test matrix", "tests only"]);
});
