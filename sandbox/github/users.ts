import { loginOf, profile } from "./people.ts";
import { rateOf } from "./rate-limit.ts";
import { notFound, ok, type Routes } from "./reply.ts";

export const users: Routes = {
  "users/get-authenticated": {
    access: { by: "person" },
    handle: ({ world, identity }) =>
      ok({
        ...profile(world, loginOf(identity)),
        private_gists: 0,
        total_private_repos: 0,
        owned_private_repos: 0,
        disk_usage: 0,
        collaborators: 0,
        two_factor_authentication: true,
      }),
  },
  "users/get-by-username": {
    access: { by: "anyone" },
    handle: ({ world, params }) => {
      const login = params.username ?? "";
      const bots = [`${world.app.slug}[bot]`, "github-actions[bot]"];
      if (!world.accounts.has(login) && !bots.includes(login)) throw notFound();
      return ok(profile(world, login));
    },
  },
  "rate-limit/get": {
    access: { by: "anyone" },
    handle: ({ world, identity }) => {
      const core = rateOf(world, loginOf(identity));
      return ok({ resources: { core, search: rateOf(world, null) }, rate: core });
    },
  },
};
