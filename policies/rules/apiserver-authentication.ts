import { prefixFault } from "../../model/text/trusted-names";
import { ownPrefixes, plainExpression, refusesNames, verifiesEmail } from "../reading/cel";
import { secretFiles } from "../reading/secret-files";
import { parseYamlDocuments } from "../reading/yaml";
import { mismatch, resourceRule, type Finding } from "../rule";
import { configMapTypes, secretTypes } from "../types";
import { at, isProperties, isTrue, items, text, texts, type Properties, type Value } from "../value";

export const apiserverAuthentication = resourceRule({
  id: "apiserver-authentication",
  candidate: 50,
  title: "The API server trusts an issuer with prefixes, an audience and no system names",
  severity: "critical",
  level: "mandatory",
  rationale:
    "An AuthenticationConfiguration has no defaults: an empty prefix lets the identity provider name system:masters; without a groups claim everybody signs in without groups; an e-mail name without email_verified is whatever the person typed. Its `anonymous` lets people in without any token, and an AuthorizationConfiguration beside it may ask nobody. From Kubernetes 1.34 the log does not say why a token was refused (kubernetes/kubernetes#136887).",
  remediation:
    "Write prefixes for username and groups, one audience, an https issuer, and user validation rules that refuse the names of Kubernetes (and kubeadm: groups, where groups have no prefix).",
  controls: ["kubernetes-system-prefix", "cis-5.1.7"],
  unknowns:
    "A file whose text is unknown (it holds a client ID that is still to be made) is judged at the update. Expressions count by their form: `!user.username.startsWith('system:')`, `user.groups.all(g, !g.startsWith('system:'))`, `'okta:' + claims.sub`, `claims.roles.map(r, 'okta:' + r)`, `claims.email_verified == true`, and such parts joined by &&; one of another form counts as missing, since it may be true for everybody. anonymous-auth=true is the API server's default. An audience is compared as it stands: `*` is no pattern.",
  types: [configMapTypes, secretTypes],
  settings: {},
  check(resource) {
    return secretFiles(resource).flatMap(({ path, content }) =>
      // A name written with escapes is the same name.
      /Configuration|extraArgs|kube-?apiserver|\\/i.test(content)
        ? parseYamlDocuments(content).flatMap((file) => judgeFile(file, path))
        : [],
    );
  },
});

function judgeFile(file: Value, path: string): Finding[] {
  switch (text(file, "kind")) {
    case "AuthenticationConfiguration":
      return [
        ...items(file, "jwt").flatMap((issuer, index) => judge(issuer, `${path}.jwt[${index}]`)),
        ...judgeAnonymous(at(file, "anonymous"), `${path}.anonymous`),
      ];
    case "ClusterConfiguration":
      return judgeArguments(argumentsOf(at(file, "apiServer", "extraArgs")), `${path}.apiServer.extraArgs`);
    case "AuthorizationConfiguration":
      return items(file, "authorizers").flatMap((authorizer, index) =>
        text(authorizer, "type") === "AlwaysAllow"
          ? [mismatch(`${path}.authorizers[${index}].type`, "an authorizer that asks who it is", "AlwaysAllow")]
          : [],
      );
    default:
      // kubeadm keeps its file under this name, and reads it without a kind too.
      // RKE2 and K3s take the flags as a list of texts (docs.rke2.io, "kube-apiserver-arg").
      return at(file, "apiServer", "extraArgs") === undefined
        ? judgeArguments(flagsOf(file, "kube-apiserver-arg"), `${path}.kube-apiserver-arg`)
        : judgeFile({ ...(file as Properties), kind: "ClusterConfiguration" }, path);
  }
}

/** What may be asked without a token: the addresses of load balancers' and kubelets' health checks. */
const healthChecks = /^\/(?:healthz|livez|readyz)(?:$|\/)/;

/** Anonymous requests without conditions reach whatever is bound to system:unauthenticated (kubernetes.io, "Anonymous requests"). */
function judgeAnonymous(anonymous: Value | undefined, path: string): Finding[] {
  if (!isTrue(anonymous, "enabled")) {
    return [];
  }
  const conditions = at(anonymous, "conditions");
  const paths = items(conditions).map((condition) => text(condition, "path"));
  return paths.length > 0 && paths.every((each) => each === undefined || healthChecks.test(each))
    ? []
    : [mismatch(`${path}.conditions`, "health checks only (/healthz, /livez, /readyz)", conditions)];
}

/** Audiences that an identity provider puts into tokens of every client: Keycloak's account, Okta's default server, Microsoft Graph. */
const sharedAudiences = [
  ...["account", "broker", "realm-management", "master-realm", "api://default"],
  ...["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"],
];

/** Flags of the API server that kubeadm passes on: a map, or from v1beta4 on a list of name and value. */
function argumentsOf(flags: Value | undefined): ReadonlyMap<string, string> {
  return new Map(
    isProperties(flags)
      ? Object.keys(flags).map((name) => [name, text(flags, name) ?? ""])
      : items(flags).map((flag) => [text(flag, "name") ?? "", text(flag, "value") ?? ""]),
  );
}

/** Flags as texts: `name=value`, with or without dashes before. */
function flagsOf(file: Value, key: string): ReadonlyMap<string, string> {
  return new Map(
    [...texts(file, key), text(file, key) ?? ""].flatMap((flag) => {
      const [, name, value = ""] = /^-{0,2}([\w-]+)=(.*)$/s.exec(flag) ?? [];
      return name === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The flags for sign-in are the older form of an AuthenticationConfiguration, and are judged as one. */
function judgeArguments(flags: ReadonlyMap<string, string>, path: string): Finding[] {
  const findings: Finding[] = [];
  const issuer = flags.get("oidc-issuer-url");
  if (issuer !== undefined) {
    const name = flags.get("oidc-username-claim") ?? "sub";
    // Without the flag the API server puts the issuer before user names that are no addresses, and nothing before groups; a dash is no prefix.
    const prefix = flags.get("oidc-username-prefix") ?? (name === "email" ? "" : "issuer#");
    const username = { claim: name, prefix: prefix === "-" ? "" : prefix };
    const claim = flags.get("oidc-groups-claim");
    const groups: Properties = claim === undefined ? {} : { claim, prefix: flags.get("oidc-groups-prefix") ?? "" };
    const audiences = [flags.get("oidc-client-id") ?? ""].filter((id) => id !== "");
    findings.push(...judge({ issuer: { url: issuer, audiences }, claimMappings: { username, groups } }, path));
  }
  if ((flags.get("authorization-mode") ?? "").split(",").includes("AlwaysAllow")) {
    findings.push(mismatch(`${path}.authorization-mode`, "an authorizer that asks who it is", "AlwaysAllow"));
  }
  for (const file of ["token-auth-file", "basic-auth-file"].filter((name) => flags.has(name))) {
    findings.push(mismatch(`${path}.${file}`, "people who sign in at the identity provider", flags.get(file)));
  }
  return findings;
}

function judge(jwt: Value, path: string): Finding[] {
  const findings: Finding[] = [];
  for (const address of ["url", "discoveryURL"]) {
    const url = text(jwt, "issuer", address);
    if (url !== undefined && !url.startsWith("https://")) {
      findings.push(mismatch(`${path}.issuer.${address}`, "an https URL", url));
    }
  }
  const audiences = texts(jwt, "issuer", "audiences");
  if (audiences.length === 0) {
    findings.push(mismatch(`${path}.issuer.audiences`, "at least one client ID", at(jwt, "issuer", "audiences")));
  }
  for (const audience of audiences.filter((each) => sharedAudiences.includes(each))) {
    findings.push(mismatch(`${path}.issuer.audiences`, "the cluster's own client, not what tokens of every client carry", audience));
  }
  return [...findings, ...judgeNames(jwt, path, "username"), ...judgeNames(jwt, path, "groups"), ...judgeAddress(jwt, path)];
}

/** What must not come from the identity provider: Kubernetes' names, and the group that kubeadm binds to cluster-admin. */
const refusedWords = { username: ["system:"], groups: ["system:", "kubeadm:"] } as const;

function judgeNames(jwt: Value, path: string, mapping: "username" | "groups"): Finding[] {
  const here = `${path}.claimMappings.${mapping}`;
  const findings: Finding[] = [];
  const expression = text(jwt, "claimMappings", mapping, "expression");
  const prefix = text(jwt, "claimMappings", mapping, "prefix") ?? "";
  if (text(jwt, "claimMappings", mapping, "claim") === undefined && expression === undefined) {
    findings.push(mismatch(here, "a claim or an expression", at(jwt, "claimMappings", mapping)));
  }
  // An expression brings its prefix along; `prefix` is not allowed beside it (AuthenticationConfiguration, PrefixedClaimOrExpression).
  const own = expression === undefined ? undefined : ownPrefixes(expression);
  const fault = (prefix === "" ? (own ?? []) : [prefix]).map(prefixFault).find((found) => found !== undefined);
  if (fault !== undefined) {
    findings.push(mismatch(prefix === "" ? `${here}.expression` : `${here}.prefix`, fault, prefix === "" ? expression : prefix));
  }
  const guards = items(jwt, "userValidationRules").flatMap((rule) => text(rule, "expression") ?? []);
  const guarded = refusedWords[mapping].every((word) => guards.some((guard) => refusesNames(guard, mapping, word)));
  if (prefix === "" && own === undefined && !guarded) {
    const words = refusedWords[mapping].join(" and ");
    findings.push(mismatch(`${here}.prefix`, `a prefix, or user validation rules that refuse ${words}`, prefix));
  }
  return findings;
}

/** The API server looks for email_verified by itself only where the claim is named, not computed. */
function judgeAddress(jwt: Value, path: string): Finding[] {
  const expression = text(jwt, "claimMappings", "username", "expression") ?? "";
  const checked =
    verifiesEmail(expression) ||
    items(jwt, "claimValidationRules").some(
      (rule) =>
        verifiesEmail(text(rule, "expression") ?? "") ||
        (text(rule, "claim") === "email_verified" && text(rule, "requiredValue") === "true"),
    );
  return plainExpression(expression).includes("claims.email") && !checked
    ? [mismatch(`${path}.claimMappings.username.expression`, "a check of claims.email_verified", expression)]
    : [];
}
