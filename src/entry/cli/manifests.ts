import { join, resolve } from "node:path";
import { z } from "zod";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";
import { writeWholeFile } from "#adapters/workspace/write-whole.ts";
import { manifestsFolder } from "#domain/environment/paths.ts";
import { manifestViews } from "#domain/manifest/manifests.ts";
import { targetProblems } from "#domain/manifest/target-problems.ts";
import { digestSchema, environmentNameSchema, identifierSchema, modelNameSchema, versionLabelSchema } from "#domain/model/names.ts";
import { servingSchema } from "#domain/rollout/serving.ts";
import { outputNames, targetNameSchema, targetNames } from "#domain/rollout/target-name.ts";
import { productFolder } from "#entry/product.ts";
import { named, namedOrNone } from "./named.ts";
import { exitCodes, type Given, type Verb, WrongUsage } from "./verb.ts";

export const manifests: Verb = {
  words: "<environment>",
  options: {
    model: { value: "<name>", about: "the model" },
    version: { value: "<version>", about: "its version" },
    digest: { value: "<sha256:…>", about: "the digest of that version's artifact" },
    artifact: { value: "<uri>", about: "where the artifact lies" },
    image: { value: "<image>", about: "the container image that serves it, by digest" },
    target: { value: "<name>", about: `what serves it: ${targetNames.join(", ")} (default: gateway-api)` },
    output: { value: "<name>", about: `${outputNames.join(", ")} (default: manifests)` },
    "model-format": { value: "<name>", about: "KServe and Seldon: the model's format, such as sklearn" },
    "endpoint-picker": { value: "<name>", about: "inference-pool: the Service of the endpoint picker" },
    gateway: { value: "<name>", about: "the Gateway that routes to it (default: models)" },
    port: { value: "<number>", about: "the port on which the container listens (default: 8080)" },
    replicas: { value: "<number>", about: "how many (default: 1)" },
    namespace: { value: "<name>", about: "the Kubernetes namespace (default: the environment's name)" },
    out: { value: "<folder>", about: "the environments repository's work tree: the files are written there, and their paths printed" },
  },
  notes: ["Without --out the files are printed as one YAML stream. Nothing is committed."],
  examples: [
    `slipway manifests production --model search-ranker --version 2026.11.02-1 --digest sha256:${"0".repeat(60)}beef --artifact s3://acme/ranker.json --image ghcr.io/acme/ranker@sha256:${"1".repeat(64)} --out ../environments`,
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
  const format = namedOrNone(identifierSchema, given.text("model-format"), "--model-format");
  const picker = namedOrNone(identifierSchema, given.text("endpoint-picker"), "--endpoint-picker");
  const image = namedOrNone(servingSchema.shape.image.unwrap(), given.text("image"), "--image");
  const rollout = {
    target: named(targetNameSchema, given.text("target") ?? "gateway-api", "--target"),
    output: named(z.enum(outputNames), given.text("output") ?? "manifests", "--output"),
    serving: {
      ...(image !== undefined && { image }),
      ...(format !== undefined && { modelFormat: format }),
      ...(picker !== undefined && { endpointPicker: { name: picker, port: usualPickerPort } }),
      gateway: named(servingSchema.shape.gateway, given.text("gateway") ?? "models", "--gateway"),
      port: named(wholeNumber.pipe(servingSchema.shape.port.unwrap()), given.text("port") ?? "8080", "--port"),
      replicas: named(wholeNumber.pipe(servingSchema.shape.replicas.unwrap()), given.text("replicas") ?? "1", "--replicas"),
    },
    steps: [],
  };
  const [problem] = targetProblems({ ...rollout, accepts: ["cold-apply"] });
  if (problem !== undefined) throw new WrongUsage(problem.message);
  const namespace = named(environmentNameSchema, given.text("namespace") ?? environment, "--namespace");
  const templates = handlebarsTemplates(join(productFolder, "templates"), { github: new URL("https://github.com") });
  const views = manifestViews({
    environment,
    namespace,
    model,
    rollout,
    release: null,
    candidate: { version, digest, artifact, weight: 100 },
    stable: null,
  });
  return views.map(({ file, template, view }) => ({
    path: `${manifestsFolder(environment, model)}${file}`,
    text: templates.render(template, view),
  }));
}

const usualPickerPort = 9002;

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, "a whole number")
  .transform(Number);
