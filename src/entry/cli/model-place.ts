import { stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { localWorkspace } from "#adapters/workspace/local-workspace.ts";
import { type ModelName, modelNameSchema } from "#domain/model/names.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";
import { WrongUsage } from "./verb.ts";

export interface ModelPlace {
  readonly model: ModelName;
  /** The root of the model's repository: what its paths must not leave. */
  readonly root: string;
  /** Of the model, relative to the root. */
  readonly folder: string;
}

/**
 * Where a model on someone's machine belongs. `models/<name>` says it; a model that lies elsewhere is named by its file, and its root is
 * the Git repository around it, else the folder above it.
 */
export async function modelPlace(directory: string): Promise<ModelPlace> {
  if (!(await isThere(join(directory, "model.yaml"))))
    throw new WrongUsage(`there is no model.yaml in ${directory}: name the folder of a model`);
  if (basename(dirname(directory)) === "models") {
    const name = modelNameSchema.safeParse(basename(directory));
    if (!name.success) throw new WrongUsage(`${directory}: ${name.error.issues[0]?.message ?? "no model has this name"}`);
    return { model: name.data, root: dirname(dirname(directory)), folder: `models/${name.data}` };
  }
  const root = (await repositoryAbove(directory)) ?? dirname(directory);
  const folder = relative(root, directory);
  return { model: await nameIn(root, folder, directory), root, folder };
}

/** Only to know what is spoken of; all that is wrong with the file is said when it is evaluated. */
async function nameIn(root: string, folder: string, directory: string): Promise<ModelName> {
  const read = await localWorkspace(root).text(folder === "" ? "model.yaml" : `${folder}/model.yaml`);
  const value = read.kind === "text" ? parseYaml(read.text, "model.yaml").value : undefined;
  const written: unknown = typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
  const name = modelNameSchema.safeParse(written ?? basename(directory));
  return name.success ? name.data : modelNameSchema.parse("model");
}

async function repositoryAbove(directory: string): Promise<string | undefined> {
  if ((await isThere(join(directory, ".git"))) || (await isThere(join(directory, "slipway.yaml")))) return directory;
  const above = dirname(directory);
  return above === directory ? undefined : repositoryAbove(above);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
