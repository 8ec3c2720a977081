import { z } from "zod";

const repositorySchema = z.looseObject({ id: z.number(), fullName: z.string(), folder: z.string() });
export type DoubleRepository = z.infer<typeof repositorySchema>;

/** The controls of the GitHub double: what GitHub does by itself, what an owner sets up, and faults. */
export class DoubleControl {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async user(login: string): Promise<{ readonly login: string; readonly token: string }> {
    return z.looseObject({ login: z.string(), token: z.string() }).parse(await this.ask("POST", "users", { login }));
  }

  async organization(organization: object): Promise<void> {
    await this.ask("POST", "organizations", organization);
  }

  async repository(repository: object): Promise<DoubleRepository> {
    return repositorySchema.parse(await this.ask("POST", "repositories", repository));
  }

  async webhooks(settings: { readonly url?: string | null; readonly duplicate?: boolean }): Promise<void> {
    await this.ask("POST", "webhooks", settings);
  }

  async fault(fault: object): Promise<void> {
    await this.ask("POST", "faults", fault);
  }

  /** Throws when a request, an answer or a webhook so far was not what GitHub's published description says. */
  async keptContract(): Promise<number> {
    const violations = z.array(z.unknown()).parse(await this.ask("GET", "violations"));
    if (violations.length > 0) throw new Error(`GitHub's description was not kept: ${JSON.stringify(violations, null, 2)}`);
    return z.array(z.unknown()).parse(await this.ask("GET", "requests")).length;
  }

  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}/_double/${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} /_double/${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }
}
