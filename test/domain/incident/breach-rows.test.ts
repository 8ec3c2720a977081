import { describe, expect, it } from "vitest";
import { breachRows, exposureText, timelineRows } from "#domain/incident/breach-rows.ts";
import { brokenWindow, incident, release, second } from "./breach-builder.ts";

describe("the measurements of a breach", () => {
  it("show the share of good requests with its interval beside the target", () => {
    expect(breachRows([brokenWindow()])[0]).toMatchObject({
      target: "90 %",
      share: "61.3 % [53.3, 68.8]",
      requests: "150",
      window: "08:00:09 to 08:00:11",
    });
  });

  it.each([
    [0.9, "90 %"],
    [0.995, "99.5 %"],
    [0.9995, "99.95 %"],
    [0.9999, "99.99 %"],
  ])("keep the digits of a target of %d", (target, text) => {
    expect(breachRows([brokenWindow({ target })])[0]?.target).toBe(text);
  });

  it("say that there was no request", () => {
    expect(breachRows([brokenWindow({ good: 0, total: 0, lower: null, upper: null })])[0]?.share).toBe("none: no request");
  });
});

describe("a timeline", () => {
  it("counts from its first moment", () => {
    const what = "x";
    const timeline = [0, 6.5, 59, 61, 3_700].map((after) => ({ at: second(after), what }));
    expect(timelineRows(incident({ timeline })).map(({ after }) => after)).toEqual([null, "+6.5 s", "+59.0 s", "+1 min 1 s", "+1 h 1 min"]);
  });

  it("may be empty", () => {
    expect(timelineRows(incident({ timeline: [] }))).toEqual([]);
  });
});

describe("the exposure of a release", () => {
  it("is its greatest weight", () => {
    expect(exposureText(release())).toBe("The candidate had at most 25 % of the traffic, in 2 steps");
  });
});
