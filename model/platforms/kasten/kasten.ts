import { z } from "zod";
import { addProblem, describeReceived } from "../../text/problems";
import { chartRepositorySchema, hostNameOf, hostUrlSchema } from "../../text/addresses";
import { exactVersionSchema, releaseSchema } from "../../text/names";
import { accessSchema } from "../grants";
import { platformReviewFields } from "../reviews";
import { serviceAccountsSchema } from "../service-accounts";
import { chosenClaims, identityFields, identityOf } from "../identity";
import { checkInsecureValues, insecureValuesField, insecureValuesRisks, manifestsIn } from "../insecure-values";
import type { BindingTarget, GrantSpec, PlatformDefinition } from "../definition";
import { checkKastenValues, kastenChartAdministrators, kastenPathPrefix } from "./values";
import { kastenChartContract, type KastenChartContract } from "./chart";
import { chartValue } from "../chart-values";
import { adoptedField } from "../adoption";
import { checkInstalled, installedField } from "../installed";
import { newNamespaceSchema } from "../namespaces";
import { kastenAdoption } from "./adoption";
import { kastenAccounts, kastenRoleRules, kastenRoles } from "./rules";

/** The part of a spec that only some charts understand. */
interface WrittenForChart {
  readonly chart: { readonly version: string };
  readonly session: { readonly duration: string; readonly refresh: boolean };
  readonly requirePkce: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Minutes of a Go duration such as 8h30m. */
function minutes(duration: string): number {
  const [, hours = "0", rest = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(duration) ?? [];
  return Number(hours) * 60 + Number(rest);
}

type SupportedContract = Extract<KastenChartContract, { supported: true }>;

const roles = {
  admin: { permits: "administers backups, restores and policies of every namespace", scope: "cluster" },
  basic: { permits: "backs up and restores applications in the named namespaces", scope: "namespaced" },
  view: { permits: "reads the configuration of Kasten K10, changes nothing", scope: "cluster" },
} as const;

const defaultDuration = "1h";

/** One entry of `gatehouse:platforms` for Kasten K10. */
const kastenSchema = z
  .strictObject({
    kind: z.literal("kasten"),
    host: hostUrlSchema.describe(
      "The address that people open, https://host; the callback path is derived from release, ingress or route.",
    ),
    namespace: newNamespaceSchema.default("kasten-io").describe("The namespace that the stack makes for K10, and deletes when it goes."),
    release: releaseSchema.default("k10").describe("Name of the Helm release. K10 names its roles and its callback path after it."),
    chart: z.strictObject({
      version: exactVersionSchema,
      repository: chartRepositorySchema.default("https://charts.kasten.io/"),
      path: z
        .string()
        .min(1)
        .optional()
        .describe(
          "A chart folder or archive, relative to the project's folder, instead of the repository. A change inside it is installed with another version, not before.",
        ),
      wait: z.boolean().default(true).describe("Wait until all pods are ready, and roll back when they are not."),
      timeoutSeconds: z.int().min(30).max(7200).default(900),
    }),
    values: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("Your own chart values. They are kept, under the ones that sign-in needs."),
    ...identityFields,
    prompt: z.enum(["none", "consent", "login", "select_account"]).default("select_account"),
    session: z
      .strictObject({
        duration: z
          .string()
          .regex(/^([1-9]\d*h)?([1-9]\d*m)?$/, "a Go duration of hours and minutes such as 1h or 8h30m")
          .min(2, "a Go duration such as 1h")
          .default(defaultDuration),
        refresh: z.boolean().default(false).describe("Let K10 use refresh tokens."),
      })
      .prefault({}),
    requirePkce: z
      .boolean()
      .default(false)
      .describe("K10 sends a PKCE code challenge, and the client refuses sign-ins without. Charts from 9.0 on."),
    adopted: adoptedField,
    installed: installedField,
    insecureValues: insecureValuesField,
    insecureChartAdminGroups: z
      .boolean()
      .default(false)
      .describe(
        "Accept auth.k10AdminGroups, k10AdminUsers and groupAllowList in values: the chart gives those people every Secret in the cluster.",
      ),
    ...platformReviewFields,
    access: accessSchema(roles),
    serviceAccounts: serviceAccountsSchema(roles),
  })
  .superRefine((spec, context) => {
    const contract = kastenChartContract(spec.chart.version);
    if (!contract.supported) {
      addProblem(context, ["chart", "version"], { expected: contract.expected, received: spec.chart.version });
    } else {
      checkChartKnows(spec, contract, context);
    }
    checkKastenValues(spec, context);
    checkInsecureValues(spec, manifestsIn(spec.values), context);
    checkRelease(spec.release, context);
    checkInstalled(spec, spec.chart.path === undefined ? [] : [["chart", "path"]], context);
  });

export type KastenSpec = z.infer<typeof kastenSchema>;

/** As it is written, with defaults left out. */
export type KastenInput = z.input<typeof kastenSchema>;

/** ClusterRoles of Kubernetes itself, by their names (kubernetes.io/docs/reference/access-authn-authz/rbac, "User-facing roles"). */
const builtInRoles = ["cluster-admin", "admin", "edit", "view"];

/** K10 names its roles after the release: one that is called `cluster` would bind its administrators to cluster-admin. */
function checkRelease(release: string, context: z.core.$RefinementCtx): void {
  const taken = [`${release}-admin`, `${release}-basic`, `${release}-config-view`].find((role) => builtInRoles.includes(role));
  if (taken !== undefined) {
    addProblem(context, ["release"], {
      expected: `a release whose roles nothing else has: ${taken} is Kubernetes' own`,
      received: describeReceived(release, []),
      fix: "leave it out for k10, or write another name",
    });
  }
}

/** Refuses what this chart would take without a word and not do. */
function checkChartKnows(spec: WrittenForChart, contract: SupportedContract, context: z.core.$RefinementCtx): void {
  const unknown = (path: readonly string[], from: string, key: string): void =>
    addProblem(context, [...path], {
      expected: `charts from ${from} on, which know auth.oidcAuth.${key}`,
      received: `chart ${spec.chart.version}`,
    });
  if (!contract.sessions && spec.session.refresh) {
    unknown(["session", "refresh"], "6.5.0", "refreshTokenSupport");
  }
  if (!contract.sessions && spec.session.duration !== defaultDuration) {
    unknown(["session", "duration"], "6.5.0", "sessionDuration");
  }
  if (!contract.pkce && chartValue(spec.values, ["auth", "oidcAuth", "pkceRequired"]) !== undefined) {
    unknown(["values", "auth", "oidcAuth", "pkceRequired"], "9.0.0", "pkceRequired");
  }
  if (!contract.pkce && spec.requirePkce) {
    unknown(["requirePkce"], "9.0.0", "pkceRequired");
  }
  if (spec.requirePkce && chartValue(spec.values, ["auth", "oidcAuth", "pkceRequired"]) === false) {
    addProblem(context, ["values", "auth", "oidcAuth", "pkceRequired"], {
      expected: "it left out: requirePkce says it",
      received: "false",
      fix: "remove the key, or requirePkce",
    });
  }
  const path = chartValue(spec.values, ["ingress", "urlPath"]);
  if (!contract.pathNeedsIngress && path !== undefined && path !== "" && chartValue(spec.values, ["ingress", "create"]) !== true) {
    addProblem(context, ["values", "ingress", "urlPath"], {
      expected: "ingress.create: true beside it: this chart serves K10 under the path in any case, later ones only with their Ingress",
      received: `chart ${spec.chart.version}`,
      fix: "let the chart make the Ingress, or remove the path and serve K10 under the release's name",
    });
  }
}

function grantBindings(spec: KastenSpec, grant: GrantSpec): BindingTarget[] {
  const role = grant.role as keyof typeof roles;
  switch (role) {
    case "admin":
      // Two objects: without the second, the dashboard reports failing services (docs.kasten.io, access/authorization, "K10 Admin").
      return [
        { kind: "ClusterRoleBinding", roleRef: { kind: "ClusterRole", name: `${spec.release}-admin` } },
        { kind: "RoleBinding", namespace: spec.namespace, roleRef: { kind: "Role", name: `${spec.release}-ns-admin` } },
      ];
    case "basic":
      return (grant.namespaces ?? []).map((namespace) => ({
        kind: "RoleBinding",
        namespace,
        roleRef: { kind: "ClusterRole", name: `${spec.release}-basic` },
      }));
    case "view":
      return [{ kind: "ClusterRoleBinding", roleRef: { kind: "ClusterRole", name: `${spec.release}-config-view` } }];
    default:
      return role satisfies never;
  }
}

export const kasten: PlatformDefinition<KastenSpec> = {
  kind: "kasten",
  schema: kastenSchema,
  sample: { host: "https://k10.example.com", chart: { version: "8.0.15" } },
  adoption: kastenAdoption,
  capabilities: {
    title: "Kasten K10",
    prefixedBy: "platform",
    authorises: "kubernetes-rbac",
    // The chart's README calls the scopes "required for userinfo"; auth-svc itself is closed source.
    readsUserInfo: true,
    secretByReference: true,
    // Closed source; docs.kasten.io (access/authentication) describes the API server's rules.
    tokenRules: "go-oidc",
    secretChange: "under a new Secret name; the pods that read it are rolled",
  },
  roles,
  url: (spec) => `${spec.host}/${kastenPathPrefix(spec)}/`,
  requirements: (spec, identityProvider) => ({
    redirectUris: [`${spec.host}/${kastenPathPrefix(spec)}/auth-svc/v0/oidc/redirect`],
    postLogoutRedirectUris: [`${spec.host}/${kastenPathPrefix(spec)}/`],
    grantTypes: spec.session.refresh ? ["authorization_code", "refresh_token"] : ["authorization_code"],
    clientAuthentication: "client_secret_basic",
    // Charts before 9.0 do not know the key and are refused with it.
    sendsCodeChallenge: spec.requirePkce || chartValue(spec.values, ["auth", "oidcAuth", "pkceRequired"]) === true,
    scopes: spec.session.refresh ? [...identityProvider.scopes, "offline_access"] : identityProvider.scopes,
    ...(spec.usernameClaim === undefined ? {} : { idTokenClaims: [spec.usernameClaim] }),
  }),
  identity: identityOf,
  claims: chosenClaims,
  identityProviderFault: (spec, { certificateAuthority }) => {
    const own = chartValue(spec.values, ["cacertconfigmap"]);
    return certificateAuthority === undefined || own === undefined
      ? undefined
      : {
          path: ["values", "cacertconfigmap"],
          expected: "it left out: K10 takes one ConfigMap of authorities, and the stack makes it of idp.certificateAuthority",
          received: describeReceived(own, []),
          fix: "write your own authorities below the issuer's in idp.certificateAuthority",
        };
  },
  bindings: grantBindings,
  // The chart's Deployments and Services have fixed names, its ClusterRoles are named after the release.
  occupies: (spec) => [
    { path: ["host"], what: `the host ${hostNameOf(spec.host)}`, shared: true },
    { path: ["namespace"], what: `the namespace ${spec.namespace}` },
    { path: ["release"], what: `the cluster roles of a Helm release ${spec.release}` },
  ],
  signIn: (spec) => [
    // "none" signs the last person in again without a question; "login" asks for the password each time.
    { what: "prompt", value: spec.prompt, strictness: { none: 0, consent: 1, select_account: 1, login: 2 }[spec.prompt] },
    { what: "length of a session", value: spec.session.duration, strictness: -minutes(spec.session.duration) },
    { what: "sessions are renewed", value: spec.session.refresh ? "yes" : "no", strictness: spec.session.refresh ? 0 : 1 },
  ],
  charts: ({ release, chart, values, installed }) =>
    installed === true ? [] : [{ release, version: chart.version, source: chart.path ?? chart.repository, values }],
  ownersPart: ({ release, namespace, chart }) => [
    `Set the values of the file ${release}-values.yaml: helm upgrade ${release} k10 --repo https://charts.kasten.io/ --version ${chart.version} --namespace ${namespace} --reuse-values --values ${release}-values.yaml`,
    `After each new client secret: kubectl --namespace ${namespace} rollout restart deployment auth-svc controllermanager-svc dashboardbff-svc. The pods mount the Secret, whose name stays.`,
  ],
  installs: (spec) => ({ chart: "k10", version: spec.chart.version, namespace: spec.namespace, release: spec.release }),
  chartFault: (version) => {
    const contract = kastenChartContract(version);
    return contract.supported ? undefined : contract.expected;
  },
  roleRules: kastenRoleRules,
  ownRoles: (release) => (release === undefined ? [] : kastenRoles(release)),
  ownHolders: ["Group k10:admins"],
  accounts: kastenAccounts,
  // One sentence a name: a name that is added later is a new risk, which a preview shows.
  risks: (spec) => [
    ...(spec.insecureChartAdminGroups
      ? kastenChartAdministrators(spec.values).map(
          (who) =>
            `insecureChartAdminGroups: the chart makes ${who} an administrator of Kasten K10, who may read and write every Secret in the cluster.`,
        )
      : []),
    ...insecureValuesRisks(spec),
  ],
};
