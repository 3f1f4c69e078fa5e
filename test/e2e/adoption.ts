/** What every adoption in the lab has in common: an app as an administrator clicks it together, bindings by hand, and the report's commands. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { RelyingParty } from "../../lab/story/relying-parties/contract";
import { credentialOf } from "../../lab/story/demo/proofs";
import type { Lab } from "../../lab/story/session";
import { openDriver } from "../../lab/story/sign-in";
import type { Checkout } from "./checkout";
import { againWhile, kube, stackFileOf, up } from "./support";

const apiGroup = "rbac.authorization.k8s.io";
export const rbac = `/apis/${apiGroup}/v1`;

export interface HandMadeApp {
  readonly id: string;
  readonly credentials: { readonly oauthClient: { readonly client_secret: string } };
}

/** One call to Okta's management API, as its administrator. */
export async function management(lab: Lab, method: string, path: string, body?: unknown): Promise<unknown> {
  const { OKTA_HTTP_PROXY = "", OKTA_API_TOKEN = "" } = lab.identityProvider.environment;
  const answer = await fetch(`${OKTA_HTTP_PROXY}/api/v1${path}`, {
    method,
    headers: { authorization: `SSWS ${OKTA_API_TOKEN}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

/** A group with one person in it; one that is there stays as it is. */
export async function makeGroup(lab: Lab, name: string, login: string): Promise<string> {
  const [there] = (await management(lab, "GET", `/groups?q=${encodeURIComponent(name)}`)) as { id: string }[];
  if (there !== undefined) {
    return there.id;
  }
  const { id } = (await management(lab, "POST", "/groups", { profile: { name } })) as { id: string };
  const search = encodeURIComponent(`profile.login eq "${login}"`);
  const [user] = (await management(lab, "GET", `/users?search=${search}`)) as { id: string }[];
  await management(lab, "PUT", `/groups/${id}/users/${user?.id ?? ""}`);
  return id;
}

/** A web app whose claim carries every group, with the groups that may sign in. */
export async function makeApp(
  lab: Lab,
  {
    label,
    redirects,
    authentication,
    groupIds,
  }: {
    readonly label: string;
    readonly redirects: readonly string[];
    readonly authentication: string;
    readonly groupIds: readonly string[];
  },
): Promise<HandMadeApp> {
  const app = (await management(lab, "POST", "/apps", {
    name: "oidc_client",
    label,
    signOnMode: "OPENID_CONNECT",
    credentials: { oauthClient: { token_endpoint_auth_method: authentication } },
    settings: {
      oauthClient: {
        redirect_uris: redirects,
        response_types: ["code"],
        grant_types: ["authorization_code"],
        application_type: "web",
        consent_method: "TRUSTED",
        issuer_mode: "ORG_URL",
        wildcard_redirect: "DISABLED",
      },
    },
  })) as HandMadeApp;
  const claim = { issuerMode: "ORG_URL", valueType: "GROUPS", name: "groups", groupFilterType: "REGEX", value: ".*" };
  await management(lab, "POST", `/internal/apps/${app.id}/settings/oauth/idToken`, claim);
  for (const id of groupIds) {
    await management(lab, "PUT", `/apps/${app.id}/groups/${id}`, {});
  }
  return app;
}

/** `kubectl create clusterrolebinding` and `rolebinding`. @param namespace undefined: the whole cluster */
export async function bind(
  lab: Lab,
  namespace: string | undefined,
  name: string,
  role: readonly [string, string],
  group: string,
): Promise<void> {
  const path = namespace === undefined ? `${rbac}/clusterrolebindings` : `${rbac}/namespaces/${namespace}/rolebindings`;
  const body = {
    ...{ apiVersion: `${apiGroup}/v1`, kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding", metadata: { name } },
    roleRef: { apiGroup, kind: role[0], name: role[1] },
    subjects: [{ apiGroup, kind: "Group", name: group }],
  };
  assert.equal((await kube(lab, "POST", path, body)).status, 201);
}

/** What the API server says of each group: its own answers, not the report's. @param prefix of names in tokens */
export async function reviewed(
  lab: Lab,
  groups: readonly string[],
  questions: readonly object[],
  prefix = "",
): Promise<Record<string, boolean[]>> {
  const answers: Record<string, boolean[]> = {};
  for (const group of groups) {
    answers[group] = [];
    for (const resourceAttributes of questions) {
      const spec = { user: `${prefix}somebody`, groups: [`${prefix}${group}`], resourceAttributes };
      const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
      const { body } = await kube(lab, "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
      answers[group].push((body as { status: { allowed: boolean } }).status.allowed);
    }
  }
  return answers;
}

/**
 * The report's commands on the lab's stack: the stack file in place of the lab's own, what is secret by the report's own pipes, the import.
 * @param changes what only a lab needs, by its path below `gatehouse:platforms`
 */
export async function takeOver(
  { lab, checkout }: { readonly lab: Lab; readonly checkout: Checkout },
  changes: readonly (readonly [readonly string[], unknown])[],
): Promise<void> {
  const adopted = (name: string): string => join(checkout.folder, "adopted", name);
  const file = stackFileOf(lab);
  const salt = (parseDocument(readFileSync(file, "utf8")).toJS() as { encryptionsalt: string }).encryptionsalt;
  const document = parseDocument(readFileSync(adopted(`Pulumi.${lab.engine.stack}.yaml`), "utf8"));
  document.set("encryptionsalt", salt);
  changes.forEach(([path, value]) => {
    document.setIn(["config", "gatehouse:platforms", ...path], value);
  });
  writeFileSync(file, document.toString());
  const report = readFileSync(adopted("report.md"), "utf8");
  const secrets = report.matchAll(/^(kubectl [^|]+) \| (.*)pulumi config set --secret (\S+)$/gm);
  for (const [, question = "", filters = "", config = ""] of secrets) {
    const set = await checkout.run(
      `printf %s "$ANSWER" | ${filters.replace("npx gatehouse", "node dist/cli/bin.js")}pulumi config set --secret ${config} --stack "$STACK" --config-file "$FILE"`,
      { ANSWER: await answerOf(lab, question), FILE: file },
    );
    assert.equal(set.status, 0, set.stderr);
  }
  await lab.engine.run(["import", "--file", adopted("import.json"), "--protect=false", "--generate-code=false", "--yes"]);
  if (!existsSync(adopted("release.json"))) {
    return;
  }
  for (const [, flags = ""] of report.matchAll(/^pulumi up (--target .+)$/gm)) {
    await lab.engine.run(["up", ...flags.replaceAll("'", "").split(" ")]);
  }
  const { status, stderr } = await checkout.run(
    'pulumi stack export --stack "$STACK" | node dist/cli/bin.js adopt --into-state adopted/release.json | pulumi stack import --stack "$STACK"',
  );
  assert.equal(status, 0, stderr);
}

/** Collections of the objects that the report's commands read, by the name that kubectl takes. */
const collections: Readonly<Record<string, string>> = {
  secret: "/api/v1/namespaces/*/secrets",
  "clusterconfigurations.installer.kubesphere.io": "/apis/installer.kubesphere.io/v1alpha1/namespaces/*/clusterconfigurations",
};

/** What `kubectl --namespace N get KIND NAME --output jsonpath='{…}'` prints; any other command, and a path without a text, fails. */
async function answerOf(lab: Lab, command: string): Promise<string> {
  const parts = /^kubectl --namespace (\S+) get (\S+) (\S+) --output jsonpath='\{(\S+)\}'$/.exec(command);
  assert.ok(parts !== null, command);
  const [, namespace = "", kind = "", name = "", path = ""] = parts;
  const { status, body } = await kube(lab, "GET", `${collections[kind]?.replace("*", namespace) ?? ""}/${name}`);
  assert.equal(status, 200, command);
  let here: unknown = body;
  for (const [, key = "", field = "", value = ""] of path.matchAll(/\.((?:\\\.|[^.[])+)(?:\[\?\(@\.(\w+)=="([^"]+)"\)\])?/g)) {
    const next = (here as Record<string, unknown>)[key.replaceAll("\\.", ".")];
    here = field === "" ? next : (next as Record<string, unknown>[]).find((item) => item[field] === value);
  }
  assert.ok(typeof here === "string" && here !== "", command);
  return here;
}

/** The first update: updates in place and new objects, and nothing else. @returns seconds of the preview and of the update */
export async function firstUpdate(lab: Lab): Promise<{ readonly preview: number; readonly update: number }> {
  const started = performance.now();
  const { stdout } = await lab.engine.run(["preview", "--json"]);
  const operations = (JSON.parse(stdout) as { steps: { op: string; urn: string }[] }).steps
    .map(({ op, urn }) => `${op} ${urn.split("::").slice(-2).join(" ")}`)
    .filter((step) => !/^(same|create|update|read) /.test(step));
  assert.deepEqual(operations, []);
  const planned = performance.now();
  assert.doesNotMatch(await up(lab), /replaced|deleted/);
  return { preview: (planned - started) / 1000, update: (performance.now() - planned) / 1000 };
}

/** People who sign in one after the other before, while and after something happens: how many tried, and how many failed. */
export async function signingInWhile(
  lab: Lab,
  relyingParty: RelyingParty,
  { logins, work }: { readonly logins: readonly string[]; readonly work: () => Promise<void> },
): Promise<{ readonly tried: number; readonly failed: number }> {
  const driver = await openDriver({
    ca: lab.authority.certificate,
    hostMap: { [relyingParty.host]: relyingParty.address },
    browser: false,
  });
  const attempts: boolean[] = [];
  const round = async (): Promise<void> => {
    await relyingParty.restartIfRolled();
    for (const login of logins) {
      attempts.push((await driver.signIn({ startUrl: relyingParty.startUrl, ...credentialOf(lab, login) })).outcome === "signed-in");
    }
  };
  try {
    await againWhile(round, work);
  } finally {
    await driver.close();
  }
  return { tried: attempts.length, failed: attempts.filter((ok) => !ok).length };
}
