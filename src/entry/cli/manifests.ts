import { join, resolve } from "node:path";
import { z } from "zod";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";
import { writeWholeFile } from "#adapters/workspace/write-whole.ts";
import { manifestsFolder } from "#domain/environment/paths.ts";
import { manifestViews } from "#domain/manifest/manifests.ts";
import { digestSchema, environmentNameSchema, modelNameSchema, versionLabelSchema } from "#domain/model/names.ts";
import { servingSchema } from "#domain/rollout/plan.ts";
import { productFolder } from "#entry/product.ts";
import { named } from "./named.ts";
import { exitCodes, type Given, type Verb, WrongUsage } from "./verb.ts";

export const manifests: Verb = {
  name: "manifests",
  words: "<environment>",
  summary:
    "Writes the Deployment and the HTTPRoute of one version that has all the traffic, for a person to commit: a model's first manifests.",
  options: {
    model: { value: "<name>", about: "the model" },
    version: { value: "<version>", about: "its version" },
    digest: { value: "<sha256:…>", about: "the digest of that version's artifact" },
    artifact: { value: "<uri>", about: "where the artifact lies" },
    image: { value: "<image>", about: "the container image that serves it" },
    gateway: { value: "<name>", about: "the Gateway that routes to it (default: models)" },
    port: { value: "<number>", about: "the port on which the container listens (default: 8080)" },
    replicas: { value: "<number>", about: "how many (default: 1)" },
    namespace: { value: "<name>", about: "the Kubernetes namespace (default: the environment's name)" },
    out: { value: "<folder>", about: "the environments repository's work tree: the files are written there, and their paths printed" },
  },
  notes: ["Without --out both files are printed as one YAML stream. Nothing is committed."],
  examples: [
    `slipway manifests production --model search-ranker --version 2026.11.02-1 --digest sha256:${"0".repeat(60)}beef --artifact s3://acme/ranker.json --image ghcr.io/acme/ranker:1 --out ../environments`,
  ],
  async run(given, io) {
    const files = render(given);
    const out = given.text("out");
    if (out === undefined) {
      io.out(files.map(({ path, text }) => `# ${path}\n${text}`).join("---\n"));
      return exitCodes.done;
    }
    const root = resolve(io.workingFolder, out);
    for (const { path, text } of files) await writeWholeFile(join(root, path), text);
    io.out(files.map(({ path }) => `${path}\n`).join(""));
    return exitCodes.done;
  },
};

const locationSchema = z.string().regex(/^[^\u0000-\u001f\u007f]{1,2048}$/, "a location holds no control characters");

function render(given: Given): readonly { readonly path: string; readonly text: string }[] {
  const [environmentName, ...more] = given.positionals;
  if (more.length > 0) throw new WrongUsage("slipway manifests takes one environment, such as production");
  const environment = named(environmentNameSchema, environmentName, "the environment");
  const model = named(modelNameSchema, given.text("model"), "--model");
  const version = named(versionLabelSchema, given.text("version"), "--version");
  const digest = named(digestSchema, given.text("digest"), "--digest");
  const artifact = named(locationSchema, given.text("artifact"), "--artifact");
  const serving = {
    image: named(servingSchema.shape.image, given.text("image"), "--image"),
    gateway: named(servingSchema.shape.gateway, given.text("gateway") ?? "models", "--gateway"),
    port: named(wholeNumber.pipe(servingSchema.shape.port.unwrap()), given.text("port") ?? "8080", "--port"),
    replicas: named(wholeNumber.pipe(servingSchema.shape.replicas.unwrap()), given.text("replicas") ?? "1", "--replicas"),
  };
  const namespace = named(environmentNameSchema, given.text("namespace") ?? environment, "--namespace");
  const templates = handlebarsTemplates(join(productFolder, "templates"), { github: new URL("https://github.com") });
  const views = manifestViews({
    environment,
    namespace,
    model,
    serving,
    release: null,
    candidate: { version, digest, artifact, weight: 100 },
    stable: null,
  });
  return views.map(({ file, template, view }) => ({
    path: `${manifestsFolder(environment, model)}${file}`,
    text: templates.render(template, view),
  }));
}

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, "a whole number")
  .transform(Number);
