import { appAssignmentRoutes } from "./app-assignments";
import { appRoutes } from "./apps";
import { authorizationServerPartRoutes } from "./authorization-server-parts";
import { authorizationServerPolicyRoutes } from "./authorization-server-policies";
import { authorizationServerRoutes } from "./authorization-servers";
import type { Route } from "./call";
import { clientSecretRoutes } from "./client-secrets";
import { badMethod, noSuchPath } from "./errors";
import { groupRoutes } from "./groups";
import { organisationRoutes } from "./organisation";
import { policyRoutes } from "./policies";
import { roleRoutes } from "./roles";
import { userRoutes } from "./users";

const routes: readonly Route[] = [
  ...organisationRoutes,
  ...groupRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...appRoutes,
  ...appAssignmentRoutes,
  ...clientSecretRoutes,
  ...policyRoutes,
  ...authorizationServerRoutes,
  ...authorizationServerPartRoutes,
  ...authorizationServerPolicyRoutes,
];

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) {
    return undefined;
  }
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":") && value !== "") {
      params[part.slice(1)] = decodeURIComponent(value);
    } else if (part !== value) {
      return undefined;
    }
  }
  return params;
}

/** Literal segments win over parameters (`/users/me` over `/users/:userId`). @throws E0000008, E0000022 */
export function findRoute(method: string, path: string): Match {
  const matches = routes
    .flatMap((route) => {
      const params = matchPath(route.path, path);
      return params === undefined ? [] : [{ route, params }];
    })
    .sort((left, right) => Object.keys(left.params).length - Object.keys(right.params).length);
  const match = matches.find(({ route }) => route.method === method);
  if (match !== undefined) {
    return match;
  }
  if (matches.length > 0) {
    throw badMethod(method, path, [...new Set(matches.map(({ route }) => route.method))]);
  }
  throw noSuchPath(method, path);
}
