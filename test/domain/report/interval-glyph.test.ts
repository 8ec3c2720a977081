import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intervalGlyph, scaleOf } from "#domain/report/interval-glyph.ts";

const drawn = { lower: -4, value: -2, upper: 0, limits: [-6], zero: 6 };

describe("a drawn interval", () => {
  it("shows the estimate between its bounds, the limit and where nothing has changed", () => {
    expect(intervalGlyph(drawn, { from: -6, to: 6 })).toBe("│···[━━━●━━━]···········0");
  });

  it("shows the estimate where marks would cover each other", () => {
    expect(intervalGlyph({ lower: 0, value: 0, upper: 0, limits: [0], zero: 0 }, { from: -1, to: 1 })).toBe("············●············");
  });

  it("has both limits of a range", () => {
    expect(intervalGlyph({ ...drawn, limits: [-6, 3], zero: null }, { from: -6, to: 6 }).match(/│/g)).toHaveLength(2);
  });

  it("gets a scale that holds all of several intervals", () => {
    expect(scaleOf([drawn, { ...drawn, upper: 9 }])).toEqual({ from: -6, to: 9 });
  });

  it("has one width and one estimate, whatever is drawn", () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, fc.option(number), (a, b, c, limit, zero) => {
        const [lower = 0, value = 0, upper = 0] = [a, b, c].toSorted((left, right) => left - right);
        const one = { lower, value, upper, limits: [limit], zero };
        const glyph = intervalGlyph(one, scaleOf([one]));
        expect([...glyph]).toHaveLength(25);
        expect(glyph.match(/●/g)).toHaveLength(1);
      }),
    );
  });
});
