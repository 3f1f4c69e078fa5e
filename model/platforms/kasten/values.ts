import type { z } from "zod";
import { addProblem, describeReceived, withheld } from "../../text/problems";
import { chartValue, plaintextSecrets } from "../chart-values";

interface KastenValuesHolder {
  readonly release: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly insecureChartAdminGroups: boolean;
}

/**
 * The path segment under which K10 serves itself, in the chart's own order: route, ingress, release name
 * (template k10.prefixPath of the vendor's _helpers.tpl; an empty path means the release name; slashes are trimmed).
 */
export function kastenPathPrefix(spec: Pick<KastenValuesHolder, "release" | "values">): string {
  const chosen =
    chartValue(spec.values, ["route", "enabled"]) === true
      ? chartValue(spec.values, ["route", "path"])
      : chartValue(spec.values, ["ingress", "create"]) === true
        ? chartValue(spec.values, ["ingress", "urlPath"])
        : undefined;
  const trimmed = typeof chosen === "string" ? chosen.replace(/^\/+|\/+$/g, "") : "";
  return trimmed === "" ? spec.release : trimmed;
}

/**
 * Whom the chart itself makes administrators of every Secret in the cluster, from the values: `group 'okta:A'`, `user 'okta:ana'`.
 * It takes groupAllowList where k10AdminGroups is empty (template rbac.yaml, 5.5 to 9.0).
 */
export function kastenChartAdministrators(values: unknown): string[] {
  const names = (key: string): string[] => {
    const found = chartValue(values, ["auth", key]);
    return Array.isArray(found) ? found.map((name) => (typeof name === "string" ? name : JSON.stringify(name))) : [];
  };
  const groups = names("k10AdminGroups");
  return [
    ...(groups.length > 0 ? groups : names("groupAllowList")).map((name) => `group '${name}'`),
    ...names("k10AdminUsers").map((name) => `user '${name}'`),
  ];
}

/** Refuses values that would undo sign-in, open a second door, or carry a secret in plain text. */
export function checkKastenValues(spec: KastenValuesHolder, context: z.core.$RefinementCtx): void {
  const { values } = spec;
  const at = (...path: string[]): string[] => ["values", ...path];
  for (const door of ["basicAuth", "tokenAuth", "openshift", "ldap"]) {
    const enabled = chartValue(values, ["auth", door, "enabled"]);
    // A template takes every text for true, "false" too.
    if (enabled !== undefined && enabled !== false) {
      addProblem(context, at("auth", door, "enabled"), {
        expected: "false: the chart accepts one kind of sign-in only, and Gatehouse configures OpenID Connect",
        received: describeReceived(enabled, []),
        fix: "remove the key",
      });
    }
  }
  const oidc = chartValue(values, ["auth", "oidcAuth"]);
  if (typeof oidc === "object" && oidc !== null) {
    for (const key of Object.keys(oidc)) {
      checkOidcValue(key, at("auth", "oidcAuth", key), context);
    }
  }
  if (!spec.insecureChartAdminGroups) {
    for (const key of ["k10AdminGroups", "k10AdminUsers", "groupAllowList"]) {
      const value = chartValue(values, ["auth", key]);
      if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
        addProblem(context, at("auth", key), {
          expected: "it left out: the chart makes everyone listed there an administrator of every Secret in the cluster",
          received: describeReceived(value, []),
          fix: "grant the role admin under access instead, or acknowledge with insecureChartAdminGroups: true",
        });
      }
    }
  }
  checkRolesAreMade(values, context);
  for (const path of [
    ["ingress", "create"],
    ["route", "enabled"],
  ]) {
    const value = chartValue(values, path);
    if (value !== undefined && typeof value !== "boolean") {
      addProblem(context, at(...path), { expected: "true or false: the callback path hangs on it", received: describeReceived(value, []) });
    }
  }
  checkPath(values, ["ingress", "urlPath"], context);
  checkPath(values, ["route", "path"], context);
  for (const path of plaintextSecrets(values, [])) {
    // auth.oidcAuth.* has its own, more exact message above.
    if (path[0] !== "auth" || path[1] !== "oidcAuth") {
      addProblem(context, at(...path), {
        expected: "the name of a Kubernetes Secret: chart values are stored in plain text in the cluster and in the state",
        received: withheld,
        fix: "put the secret into a Kubernetes Secret and name it",
      });
    }
  }
}

/** Whatever is not true makes no roles, or ends the install: null, a text, 0, and a mapping taken away. The grants would then bind to a stranger's roles. */
function checkRolesAreMade(values: unknown, context: z.core.$RefinementCtx): void {
  const rbac = chartValue(values, ["rbac"]);
  const create = chartValue(values, ["rbac", "create"]);
  const path = rbac === undefined || (typeof rbac === "object" && rbac !== null && !Array.isArray(rbac)) ? ["rbac", "create"] : ["rbac"];
  const received = path.length === 1 ? rbac : create;
  if (received !== undefined && received !== true) {
    addProblem(context, ["values", ...path], {
      expected: "true: grants bind to the roles that the chart creates",
      received: describeReceived(received, []),
      fix: "remove the key",
    });
  }
}

function checkOidcValue(key: string, path: string[], context: z.core.$RefinementCtx): void {
  // logoutURL and pkceRequired are the user's own business; everything else follows from the stack.
  if (key === "logoutURL" || key === "pkceRequired") {
    return;
  }
  addProblem(
    context,
    path,
    key === "clientSecret"
      ? {
          expected: "no client secret in values: it is handed over as the name of a Kubernetes Secret",
          received: withheld,
          fix: "remove the key; the secret is generated and rotated by the stack",
        }
      : { expected: "it left out: Gatehouse sets it from the stack", received: "a value", fix: "remove the key" },
  );
}

/** Browsers resolve `.` and `..` before they send a request, so the redirect URI would never be the one that is registered. */
function isPlainPath(value: string): boolean {
  const plain = /^\/?([A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*)?\/?$/.test(value);
  return plain && !value.split("/").some((segment) => segment === "." || segment === "..");
}

function checkPath(values: unknown, path: string[], context: z.core.$RefinementCtx): void {
  const value = chartValue(values, path);
  if (value !== undefined && (typeof value !== "string" || !isPlainPath(value))) {
    addProblem(context, ["values", ...path], {
      expected: "a plain path without wildcard, query or fragment: it becomes part of the redirect URI",
      received: describeReceived(value, []),
    });
  }
}
