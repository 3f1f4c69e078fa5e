/**
 * What Gatehouse is measured against: the same access, written with the vendors' resources and nothing else, one binding for
 * each grant as `kubectl create clusterrolebinding` makes it (walkthrough 1). Okta app, groups, members, client secret,
 * namespace, chart and bindings are those that the same case gives with Gatehouse; only the shape of the program differs.
 */
import * as kubernetes from "@pulumi/kubernetes";
import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { BenchGroup, BenchPlatform } from "../cases";

const config = new pulumi.Config();
const issuer = config.require("issuer");
const platforms = config.requireObject<BenchPlatform[]>("platforms");

const userIds = new Map<string, pulumi.Output<string>>();

function userId(login: string): pulumi.Output<string> {
  const known = userIds.get(login);
  if (known !== undefined) {
    return known;
  }
  const searches = [{ name: "profile.login", value: login, comparison: "eq" }];
  const { id } = okta.user.getUserOutput({ searches, skipGroups: true, skipRoles: true });
  userIds.set(login, id);
  return id;
}

function createGroup(group: BenchGroup): okta.group.Group {
  const created = new okta.group.Group(group.key, { name: group.displayName, description: group.description });
  new okta.GroupMemberships(`${group.key}-members`, { groupId: created.id, users: group.members.map(userId), trackAllUsers: true });
  return created;
}

/** The bindings of one grant, for one group. */
function bind(platform: BenchPlatform, group: BenchGroup, release: pulumi.Resource): void {
  const options = { dependsOn: release };
  const apiGroup = "rbac.authorization.k8s.io";
  const subjects = [{ apiGroup, kind: "Group", name: `okta:${group.displayName}` }];
  const clusterRole = (role: string): kubernetes.types.input.rbac.v1.RoleRef => ({
    apiGroup,
    kind: "ClusterRole",
    name: `${platform.release}-${role}`,
  });
  switch (group.role) {
    case "admin":
      new kubernetes.rbac.v1.ClusterRoleBinding(
        `${group.key}-admin`,
        { metadata: { name: `${group.key}-admin` }, roleRef: clusterRole("admin"), subjects },
        options,
      );
      new kubernetes.rbac.v1.RoleBinding(
        `${group.key}-ns-admin`,
        {
          metadata: { name: `${group.key}-ns-admin`, namespace: platform.namespace },
          roleRef: { apiGroup, kind: "Role", name: `${platform.release}-ns-admin` },
          subjects,
        },
        options,
      );
      return;
    case "basic":
      for (const namespace of group.namespaces ?? []) {
        new kubernetes.rbac.v1.RoleBinding(
          `${group.key}-basic-${namespace}`,
          { metadata: { name: `${group.key}-basic`, namespace }, roleRef: clusterRole("basic"), subjects },
          options,
        );
      }
      return;
    case "view":
      new kubernetes.rbac.v1.ClusterRoleBinding(
        `${group.key}-view`,
        { metadata: { name: `${group.key}-view` }, roleRef: clusterRole("config-view"), subjects },
        options,
      );
      return;
    default:
      group.role satisfies never;
  }
}

function install(platform: BenchPlatform): void {
  const { name, host, release: releaseName } = platform;
  const groups = platform.groups.map((group) => ({ ...group, id: createGroup(group).id }));
  const password = new random.RandomPassword(`${name}-secret`, { length: 64, special: false });
  const redirect = `${host}/${releaseName}/auth-svc/v0/oidc/redirect`;
  const filter = `^(${platform.groups.map((group) => group.displayName).join("|")})$`;
  const app = new okta.app.OAuth(`${name}-app`, {
    label: name,
    type: "web",
    grantTypes: ["authorization_code"],
    responseTypes: ["code"],
    redirectUris: [redirect],
    postLogoutRedirectUris: [`${host}/${releaseName}/`],
    tokenEndpointAuthMethod: "client_secret_basic",
    clientBasicSecret: password.result,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only groups claim of the organisation's own server
    groupsClaim: { type: "FILTER", filterType: "REGEX", name: "groups", value: filter },
  });
  new okta.AppGroupAssignments(`${name}-assignments`, {
    appId: app.id,
    groups: groups.map(({ id }) => ({ id, profile: "{}" })),
  });
  const namespace = new kubernetes.core.v1.Namespace(`${name}-namespace`, { metadata: { name: platform.namespace } });
  const secret = new kubernetes.core.v1.Secret(`${name}-oidc`, {
    metadata: { name: "oidc-client", namespace: namespace.metadata.name },
    stringData: { "client-id": app.clientId, "client-secret": password.result },
  });
  const release = new kubernetes.helm.v3.Release(`${name}-release`, {
    name: releaseName,
    namespace: namespace.metadata.name,
    chart: platform.chart.path,
    version: platform.chart.version,
    skipAwait: true,
    values: {
      auth: {
        oidcAuth: {
          enabled: true,
          providerURL: issuer,
          redirectURL: host,
          scopes: "openid profile email groups",
          prompt: "select_account",
          clientSecretName: secret.metadata.name,
          usernameClaim: "sub",
          usernamePrefix: "okta:",
          groupClaim: "groups",
          groupPrefix: "okta:",
        },
      },
    },
  });
  for (const group of platform.groups) {
    bind(platform, group, release);
  }
}

platforms.forEach(install);
