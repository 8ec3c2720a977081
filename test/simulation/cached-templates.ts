import type { Templates } from "#ports/templates.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";

const known = new Map<string, string>();
const mostKnown = 20_000;

/** The shipped templates; the same view is rendered once. */
export const cachedTemplates: Templates = {
  render(name, view, overrides) {
    if (overrides !== undefined && overrides.size > 0) return templates.render(name, view, overrides);
    const key = `${name} ${JSON.stringify(view)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= mostKnown) known.clear();
    const text = templates.render(name, view);
    known.set(key, text);
    return text;
  },
};
