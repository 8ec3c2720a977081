import { applicable, defaultConvention, optionNames, optionText, usualText } from "./convention.ts";
import type { MetricFamily } from "./metric.ts";
import { makeMetric, metricFamilies, spellingsOf } from "./metrics.ts";
import { type PresetName, presetNames, presets } from "./presets.ts";

/** All that help and docs say of a metric, from its one file and the presets. */
export type CatalogueEntry = Pick<MetricFamily, "family" | "title" | "about" | "definition" | "reference"> & {
  readonly spellings: readonly string[];
  readonly better: string;
  readonly range: { readonly min: number | null; readonly max: number | null };
  readonly unit: string;
  readonly decomposable: string;
  /** The default convention, as every report prints it. */
  readonly convention: Readonly<Record<string, string | number>>;
  /** What can be chosen: option, its values, its default. */
  readonly options: readonly { readonly option: string; readonly values: readonly string[]; readonly usual: string }[];
  /** Which library has it under which names. */
  readonly presets: Readonly<Partial<Record<PresetName, string>>>;
  /** What each of these libraries does otherwise in this metric than the default convention. */
  readonly differences: Readonly<Partial<Record<PresetName, string>>>;
};

export function metricCatalogue(): readonly CatalogueEntry[] {
  return metricFamilies.map(entryOf);
}

function entryOf(known: MetricFamily): CatalogueEntry {
  const { family, title, about, definition, reference, cutoff, options } = known;
  const usual = { ...defaultConvention, ...known.defaults };
  const made = makeMetric(family, known, cutoff === "required" ? 10 : null, {});
  if (made.kind === "unknown") throw new RangeError(made.message);
  const { better, range, unit, decomposable, printedConvention: convention } = made.metric;
  return {
    family,
    spellings: spellingsOf(known),
    title,
    about,
    definition,
    reference,
    better,
    range,
    unit,
    decomposable,
    convention,
    options: optionNames.flatMap((option) => {
      const values = options[option];
      return values === undefined ? [] : [{ option, values, usual: usualText(option, values, usual) }];
    }),
    presets: byLibrary(known, (name) => presets[name].metrics[family] ?? ""),
    differences: byLibrary(known, (name) => difference(known, name)),
  };
}

function byLibrary({ family }: MetricFamily, of: (name: PresetName) => string): Readonly<Partial<Record<PresetName, string>>> {
  return Object.fromEntries(presetNames.filter((name) => presets[name].metrics[family] !== undefined).map((name) => [name, of(name)]));
}

/** What a library's convention changes of this metric's own. */
function difference({ family, options, defaults }: MetricFamily, name: PresetName): string {
  const { convention, byFamily } = presets[name];
  const usual = { ...defaultConvention, ...defaults };
  const set = applicable(options, { ...convention, ...byFamily?.[family] });
  const changed = optionNames.flatMap((option) => {
    const value = set[option];
    return value === undefined || optionText(value) === optionText(usual[option]) ? [] : [`${option}: ${optionText(value)}`];
  });
  return changed.length === 0 ? "nothing: its number is the default's" : changed.join(", ");
}
