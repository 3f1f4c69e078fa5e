import { z } from "zod";
import type {
  ClusterQuestion,
  FoundPlatform,
  ImportedResource,
  InstalledCluster,
  Installation,
  PlatformAdoption,
  TakenPerson,
} from "../adoption";
import { chartValue } from "../chart-values";
import { defaultUsername } from "../holder";
import { describeReceived, type Problem } from "../../text/problems";
import { yamlOrNothing } from "../../text/yaml";
import { accountsOf, userListSchema, usersQuestion } from "./adopted-accounts";
import { adoptedProvider, openIdProvider, type AdoptedProvider, type ProviderEntry } from "./adopted-provider";
import { kubeSphereApis, kubeSphereResourceName } from "./apis";
import { kubeSphereNamespace } from "./common";

/** One provider with the object that holds it. */
interface PlacedProvider extends ProviderEntry {
  readonly place: string;
  readonly title: string;
  /** Prints the client secret into a pipe. */
  readonly secretCommand: string;
  /** Where the client secret stays readable after the first update, a sentence each. */
  readonly plainCopies: readonly string[];
  /** What of the object itself stands in the way. */
  readonly problems: readonly Problem[];
}

const key = "kubesphere";
const configurationPath = ["spec", "authentication", "oauthOptions", "identityProviders"];

const configuration: ClusterQuestion = {
  path: `/apis/installer.kubesphere.io/v1alpha1/namespaces/${kubeSphereNamespace}/clusterconfigurations/ks-installer`,
  file: "clusterconfiguration.json",
  command: `kubectl --namespace ${kubeSphereNamespace} get clusterconfigurations.installer.kubesphere.io ks-installer --output json`,
  right: `get clusterconfigurations of installer.kubesphere.io in namespace ${kubeSphereNamespace}`,
};

const secretType = "config.kubesphere.io/identityprovider";
const secretsOfProviders: ClusterQuestion = {
  path: `/api/v1/namespaces/${kubeSphereNamespace}/secrets?labelSelector=${encodeURIComponent("config.kubesphere.io/type=identityprovider")}`,
  file: "identity-provider-secrets.json",
  command: `kubectl --namespace ${kubeSphereNamespace} get secrets --selector config.kubesphere.io/type=identityprovider --output json`,
  right: `list secrets in namespace ${kubeSphereNamespace}`,
};

/** Reads a KubeSphere 3: the entry of its ClusterConfiguration, and the accounts that people have registered through it. */
export const kubeSphere3Adoption: PlatformAdoption = {
  ...adoptionOf(3, providersOfConfiguration),
  knownBy: `an ${openIdProvider} in ClusterConfiguration ${kubeSphereNamespace}/ks-installer`,
  resources: (platform, _installation, people) => [
    { type: "gatehouse:index:KubeSphere3", name: platform },
    ...peopleResources(3, platform, people),
  ],
};

/** Reads a KubeSphere 4: the Secret of a provider, and the accounts. */
export const kubeSphere4Adoption: PlatformAdoption = {
  ...adoptionOf(4, providersOfSecrets),
  knownBy: `an ${openIdProvider} in a Secret of ${kubeSphereNamespace}`,
  resources: (platform, { place }, people) => [
    { type: "gatehouse:index:KubeSphere4", name: platform },
    {
      type: "kubernetes:core/v1:Secret",
      name: `${platform}-provider`,
      id: place,
      parent: platform,
      inputs: {
        ...{ apiVersion: "v1", kind: "Secret", type: secretType },
        metadata: { name: place.split("/")[1] ?? "", namespace: kubeSphereNamespace },
      },
    },
    ...peopleResources(4, platform, people),
  ],
};

type Providers = (cluster: InstalledCluster) => Promise<readonly PlacedProvider[]>;

function adoptionOf(release: 3 | 4, providers: Providers): Pick<PlatformAdoption, "find" | "read" | "ofPeople" | "withoutSecrets"> {
  return {
    find: async (cluster) => (await providers(cluster)).map(({ place, title }): Installation => ({ place, key, title, releases: [] })),
    async read({ place }, cluster) {
      const found = (await providers(cluster)).find((one) => one.place === place);
      if (found === undefined) {
        throw new Error(`${place}: expected the identity provider that was there a moment ago, got none`);
      }
      return foundPlatform(found, adoptedProvider(found), await cluster.object(usersQuestion(release)));
    },
    ofPeople: (people) => {
      const others = [...people].filter(([username, { login }]) => username !== defaultUsername(login));
      return others.length === 0 ? {} : { usernames: Object.fromEntries(others.map(([username, { login }]) => [login, username])) };
    },
    withoutSecrets: ({ values }) => values,
  };
}

function foundPlatform(placed: PlacedProvider, provider: AdoptedProvider, answer: unknown): FoundPlatform {
  const users = userListSchema.safeParse(answer);
  const { release } = placed;
  return {
    settings: { ...provider.settings, ...(release === 4 ? { secretName: placed.place.split("/")[1] } : {}) },
    issuer: provider.issuer,
    clientId: provider.clientId,
    // It reads none, and knows people by `sub` alone (pkg/apiserver/authentication/identityprovider/oidc/oidc.go).
    groupsClaim: "",
    usernameClaim: "sub",
    prefixes: { user: "", group: "", keepsGroup: true },
    keepsUserNames: true,
    reachesEveryRole: true,
    roleBindingGroup: kubeSphereApis[release].namespaced.apiGroup,
    accounts: users.success ? accountsOf(release, provider.name, users.data.items) : [],
    secret: { command: placed.secretCommand },
    plainReleases: [],
    plainCopies: placed.plainCopies,
    remarks: provider.remarks,
    problems: [...placed.problems, ...provider.problems, ...(users.success ? [] : [noUsers(answer)])],
  };
}

function noUsers(answer: unknown): Problem {
  const { command } = usersQuestion(3);
  return {
    path: ["users"],
    expected: `KubeSphere's accounts, as \`${command}\` prints them`,
    received: answer === undefined ? "nothing" : "something else",
  };
}

const entrySchema = z.looseObject({ name: z.unknown(), type: z.unknown() });

async function providersOfConfiguration(cluster: InstalledCluster): Promise<PlacedProvider[]> {
  const object = await cluster.object(configuration);
  const list = z.array(entrySchema).safeParse(chartValue(object, configurationPath));
  const entries = list.success ? list.data : [];
  return entries.flatMap((entry, position): PlacedProvider[] =>
    entry.type === openIdProvider && typeof entry.name === "string"
      ? [placedEntry(object, entry, { name: entry.name, position, same: entries.filter(({ name }) => name === entry.name).length })]
      : [],
  );
}

function placedEntry(
  object: unknown,
  entry: Readonly<Record<string, unknown>>,
  { name, position, same }: { readonly name: string; readonly position: number; readonly same: number },
): PlacedProvider {
  const place = `ClusterConfiguration ${kubeSphereNamespace}/ks-installer`;
  const path = [...configurationPath, position];
  const owner = chartValue(object, ["metadata", "annotations", `gatehouse.dev/identity-provider.${name}`]);
  const applied = chartValue(object, ["metadata", "annotations", lastApplied]);
  const secret = chartValue(entry, ["provider", "clientSecret"]);
  const isCopied = typeof applied === "string" && typeof secret === "string" && secret !== "" && applied.includes(secret);
  return {
    ...{ release: 3, entry, path, place: same === 1 ? name : `${name}#${position}`, title: `identity provider ${name} in ${place}` },
    secretCommand: `kubectl --namespace ${kubeSphereNamespace} get clusterconfigurations.installer.kubesphere.io ks-installer --output jsonpath='{.spec.authentication.oauthOptions.identityProviders[?(@.name=="${name}")].provider.clientSecret}'`,
    plainCopies: [
      `The client secret stays in plain text in ${place} and in ConfigMap ${kubeSphereNamespace}/kubesphere-config, since KubeSphere 3 takes no reference to a Secret: limit who may read them. After the first update, \`gatehouse secret rotate\` makes a fresh one.`,
      ...(isCopied
        ? [
            `${place} was applied from a file, which keeps the client secret as well, in an annotation: \`kubectl --namespace ${kubeSphereNamespace} annotate clusterconfigurations.installer.kubesphere.io ks-installer ${lastApplied}-\`. Take the entry out of that file before somebody applies it again.`,
          ]
        : []),
    ],
    problems: [
      ...(same === 1 ? [] : [twice(path, name, same)]),
      ...(typeof owner === "string"
        ? [{ path, expected: "an entry that no stack looks after", received: `one of ${describeReceived(owner, [])}` }]
        : []),
    ],
  };
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function twice(path: readonly (string | number)[], name: string, count: number): Problem {
  return {
    path: [...path, "name"],
    expected: "a name of its own: KubeSphere and the stack find a provider by it",
    received: `${describeReceived(name, [])}, which ${count} have`,
    fix: "remove the one that is not in use",
  };
}

const secretListSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      type: z.string().optional(),
      metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).nullish() }),
      data: z.record(z.string(), z.string()).nullish(),
    }),
  ),
});

const contentKey = "configuration.yaml";

async function providersOfSecrets(cluster: InstalledCluster): Promise<PlacedProvider[]> {
  const read = secretListSchema.safeParse(await cluster.object(secretsOfProviders));
  // The type is what the API server looks at beside the label (identityprovider/configuration.go).
  const secrets = read.success ? read.data.items.filter(({ type }) => type === secretType) : [];
  const all = secrets.map((secret) => ({ secret, entry: entryOf(secret.data?.[contentKey] ?? "") }));
  return all.flatMap(({ secret: { metadata }, entry }): PlacedProvider[] => {
    const place = `${kubeSphereNamespace}/${metadata.name}`;
    const same = all.filter((other) => other.entry?.["name"] === entry?.["name"]).length;
    const manager = metadata.labels?.["app.kubernetes.io/managed-by"];
    return entry?.["type"] === openIdProvider
      ? [
          {
            ...{ release: 4, entry, path: [metadata.name], place, title: `the identity provider in Secret ${place}`, plainCopies: [] },
            secretCommand: `kubectl --namespace ${kubeSphereNamespace} get secret ${metadata.name} --output jsonpath='{.data.configuration\\.yaml}' | base64 --decode | npx gatehouse adopt --client-secret`,
            problems: [
              ...(same === 1 ? [] : [twice([metadata.name], String(entry["name"]), same)]),
              ...(manager === undefined ? [] : [managed(metadata.name, manager)]),
            ],
          },
        ]
      : [];
  });
}

function managed(name: string, manager: string): Problem {
  return {
    path: [name, "labels", "app.kubernetes.io/managed-by"],
    expected: "a Secret that nothing else writes",
    received: describeReceived(manager, []),
    fix:
      manager === "gatehouse"
        ? "it is a stack's already"
        : `take it out of ${manager}'s hands first, without deleting it, and remove the label`,
  };
}

/** The content of a provider's Secret. Written by hand, it may be no YAML at all: then it is no provider to KubeSphere either. */
function entryOf(encoded: string): Readonly<Record<string, unknown>> | undefined {
  return providerOfYaml(Buffer.from(encoded, "base64").toString("utf8"));
}

function providerOfYaml(text: string): Readonly<Record<string, unknown>> | undefined {
  const read = entrySchema.safeParse(yamlOrNothing(text));
  return read.success ? read.data : undefined;
}

/** The client secret in the content of a provider's Secret; undefined where there is none. */
export function kubeSphereClientSecret(text: string): string | undefined {
  const secret = chartValue(providerOfYaml(text), ["provider", "clientSecret"]);
  return typeof secret === "string" && secret !== "" ? secret : undefined;
}

/** Users and bindings under the names that the program gives them (components/platforms/kubesphere/kubesphere-people.ts). */
function peopleResources(release: 3 | 4, platform: string, people: readonly TakenPerson[]): ImportedResource[] {
  const component = `${platform}-people`;
  const api = kubeSphereApis[release];
  const parent = component;
  return [
    ...(people.length === 0 ? [] : [{ type: "gatehouse:index:KubeSpherePeople", name: component }]),
    ...people.flatMap(({ username, hasPassword, bindings }): ImportedResource[] => [
      {
        ...{ type: `kubernetes:${api.iam}:User`, name: kubeSphereResourceName(component, username), id: username, parent },
        ...(hasPassword ? { inputs: { apiVersion: api.iam, kind: "User", metadata: { name: username } } } : {}),
      },
      ...bindings.map(({ kind, name, namespace, workspace, roleName }): ImportedResource => ({
        type: `kubernetes:${namespace === undefined ? api.iam : api.namespaced.apiVersion}:${kind}`,
        name: kubeSphereResourceName(component, username, { roleName, namespace, workspace }),
        id: namespace === undefined ? name : `${namespace}/${name}`,
        parent,
        ...(release === 3 && namespace !== undefined ? { inputs: roleBinding(name, namespace, roleName) } : {}),
      })),
    ]),
  ];
}

/**
 * A RoleBinding of Kubernetes itself goes into the state with its role: an import leaves there what the object is and nothing of what is
 * in it, and a role that seems new replaces the binding (pulumi-kubernetes, provider/pkg/provider: parseLiveInputs, forceNewProperties).
 */
function roleBinding(name: string, namespace: string, roleName: string): Record<string, unknown> {
  const { apiVersion, apiGroup } = kubeSphereApis[3].namespaced;
  return { apiVersion, kind: "RoleBinding", metadata: { name, namespace }, roleRef: { apiGroup, kind: "Role", name: roleName } };
}
