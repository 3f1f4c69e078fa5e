import { mismatch, resourceRule } from "../rule";
import { okta } from "../types";
import { text, texts } from "../value";

/** Where roles and scopes stand, by type. */
const given: Readonly<Record<string, readonly string[]>> = {
  [okta.groupRole]: ["roleType", "roleId"],
  [okta.userRoles]: ["adminRoles"],
  [okta.clientRole]: ["type", "role"],
  [okta.customRole]: ["customRoleId"],
  [okta.apiScopes]: ["scopes"],
};
/** The standard roles of clients are types of their own. */
const clientRole = /^okta:index\/oauth2V1ClientsRole(\w+):/;

export const oktaNoAdministrators = resourceRule({
  id: "okta-no-administrators",
  title: "Nobody becomes an administrator of Okta by the way",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Whoever administers Okta, its groups, people or applications, signs in anywhere as anybody: they put people into the platform's groups, reset second factors, or read client secrets. A group role does that to everybody in the group; an API scope that ends in .manage does it to whoever holds the client's secret.",
  remediation:
    "Give administrators' roles at Okta, to people, not in the program that sets up sign-in; or list the role or scope under `allowed`.",
  controls: ["microsoft-least-privilege", "asvs-10.4.11"],
  unknowns:
    "An unknown role is judged at the update. What a custom role permits is not seen: its assignment is refused, unless its ID is listed.",
  types: [...Object.keys(given), clientRole],
  settings: {
    allowed: {
      default: ["READ_ONLY_ADMIN", "REPORT_ADMIN"],
      schema: { type: "array", items: { type: "string" }, description: "Roles, IDs of custom roles, and API scopes that may be given." },
    },
  },
  check({ type, properties }, { allowed }) {
    const standard = clientRole.exec(type)?.[1]?.replace(/(?<=[a-z])(?=[A-Z])/g, "_");
    const found =
      standard === undefined
        ? (given[type] ?? []).flatMap((path) =>
            [text(properties, path) ?? [], texts(properties, path)].flat().map((role) => ({ path, role })),
          )
        : [{ path: "role", role: standard.toUpperCase() }];
    return (
      found
        // CUSTOM says that the role is named beside it.
        .filter(({ path, role }) => (path === "scopes" ? role.endsWith(".manage") : role !== "CUSTOM" || path === "role"))
        .filter(({ role }) => !allowed.includes(role))
        .map(({ path, role }) => mismatch(path, `nothing but ${allowed.join(", ")}`, role))
    );
  },
});
