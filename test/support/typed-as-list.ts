import { expect } from "vitest";

/** Makes typed arrays equal to lists of the same numbers: one engine gives these, another those. */
export function takeTypedArraysAsLists(): void {
  expect.addEqualityTesters([
    function (given: unknown, wanted: unknown) {
      return given instanceof Float64Array && Array.isArray(wanted) ? this.equals([...given], wanted) : undefined;
    },
  ]);
}
