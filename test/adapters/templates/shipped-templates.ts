import { join } from "node:path";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";

/** The templates that the product ships with, set up for github.com. */
export const templates = handlebarsTemplates(join(import.meta.dirname, "../../../templates"), { github: new URL("https://github.com") });
