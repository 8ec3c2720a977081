import type { Templates } from "#ports/templates.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";

const known = new Map<string, string>();
/** One view is only ever rendered by one template. */
const ofViews = new WeakMap<object, string>();
const mostKnown = 20_000;

/** The shipped templates; the same view is rendered once. */
export const cachedTemplates: Templates = {
  render(name, view, overrides) {
    if (overrides !== undefined && overrides.size > 0) return templates.render(name, view, overrides);
    const before = ofViews.get(view);
    if (before !== undefined) return before;
    const key = `${name} ${JSON.stringify(view)}`;
    if (known.size >= mostKnown) known.clear();
    const text = known.get(key) ?? templates.render(name, view);
    known.set(key, text);
    ofViews.set(view, text);
    return text;
  },
};
