import type { z } from "zod";
import type { Identity, Repository, Role, World } from "./world.ts";

/** An answer that GitHub gives in place of a result. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  constructor(status: number, message: string, errors?: readonly unknown[]) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = (): Refusal => new Refusal(404, "Not Found");
export const validationFailed = (resource: string, field: string, message: string): Refusal =>
  new Refusal(422, "Validation Failed", [{ resource, field, code: "custom", message }]);

export interface Reply {
  readonly status: number;
  /** JSON unless it is a Buffer; absent for 204 and redirects. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Call {
  readonly world: World;
  readonly identity: Identity;
  readonly params: Readonly<Record<string, string>>;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly accept: string;
}

/** Who may use a route. An App's permission is written `name:level`; one of the list is enough. */
export type Access =
  | { readonly by: "app" }
  | { readonly by: "installation" }
  | { readonly by: "person" }
  | { readonly by: "anyone" }
  | { readonly by: "organisation"; readonly app: readonly string[] }
  | { readonly by: "repository"; readonly app: readonly string[]; readonly person: Role };

export interface Route {
  readonly access: Access;
  handle(call: Call, repository?: Repository): Promise<Reply> | Reply;
}

export type Routes = Readonly<Record<string, Route>>;

/** A route below /repos/{owner}/{repo}. */
export function onRepository(
  app: readonly string[],
  person: Role,
  handle: (call: Call, repository: Repository) => Promise<Reply> | Reply,
): Route {
  return {
    access: { by: "repository", app, person },
    handle: (call, repository) => {
      if (repository === undefined) throw notFound();
      return handle(call, repository);
    },
  };
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const noContent: Reply = { status: 204 };

/** The contract has looked at the body already; this gives it a type. */
export function readBody<Schema extends z.ZodType>(call: Call, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(call.body ?? {});
  if (parsed.success) return parsed.data;
  throw new Refusal(
    422,
    "Validation Failed",
    parsed.error.issues.map((issue) => ({ field: issue.path.join("."), code: "invalid", message: issue.message })),
  );
}

export function numberParam(call: Call, name: string): number {
  const value = call.params[name] ?? "";
  if (!/^\d+$/.test(value)) throw notFound();
  return Number.parseInt(value, 10);
}

/** One page of a list with GitHub's Link header; only the page is rendered. */
export async function page<Item>(
  call: Call,
  items: readonly Item[],
  render: (item: Item) => unknown,
  wrap: (rendered: readonly unknown[], total: number) => unknown = (rendered) => rendered,
): Promise<Reply> {
  const size = Math.min(100, Math.max(1, Number.parseInt(call.query.get("per_page") ?? "30", 10) || 30));
  const number = Math.max(1, Number.parseInt(call.query.get("page") ?? "1", 10) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const rendered = await Promise.all(items.slice((number - 1) * size, number * size).map(render));
  const link = linkHeader(call.url, number, last);
  return { status: 200, body: wrap(rendered, items.length), ...(link === "" ? {} : { headers: { link } }) };
}

function linkHeader(url: URL, number: number, last: number): string {
  const to = (page: number, rel: string): string => {
    const target = new URL(url);
    target.searchParams.set("page", String(page));
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [];
  if (number > 1) links.push(to(number - 1, "prev"));
  if (number < last) links.push(to(number + 1, "next"), to(last, "last"));
  if (number > 1) links.push(to(1, "first"));
  return links.join(", ");
}
