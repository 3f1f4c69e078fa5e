import path from "node:path";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import * as library from "../../components";
import projectManifest from "../../package.json";

// What `pulumi package get-schema ./components` prints: the components as YAML, Python and Go see them. The table below is
// their public face; a private field that leaks shows up as another output, a new component needs a row.

interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly plain?: boolean;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
}

interface ObjectSchema {
  readonly properties: Record<string, PropertySchema>;
  readonly required: string[];
}

interface ComponentSchema extends ObjectSchema {
  readonly isComponent: boolean;
  readonly description?: string;
  readonly inputProperties: Record<string, PropertySchema>;
  readonly requiredInputs: string[];
}

interface Schema {
  readonly name: string;
  readonly version: string;
  readonly resources: Record<string, ComponentSchema>;
  readonly types: Record<string, ObjectSchema>;
}

let schema: Schema;

beforeAll(async () => {
  const provider = new ComponentProvider({
    name: "gatehouse",
    dirname: path.join(__dirname, "..", "..", "components"),
    components: getPulumiComponents(library),
  });
  schema = JSON.parse(await provider.getSchema()) as Schema;
}, 120_000);

/** `Input<string>[]?`: the type as it would be written in TypeScript. */
function written(property: PropertySchema, required: boolean): string {
  const inner =
    property.items !== undefined
      ? `${written(property.items, true)}[]`
      : property.additionalProperties !== undefined
        ? `Record<${written(property.additionalProperties, true)}>`
        : (property.type ?? property.$ref?.split(/[:/]/).at(-1) ?? "nothing");
  const isAny = property.$ref === "pulumi.json#/Any";
  return `${property.plain === true || isAny ? inner : `Input<${inner}>`}${required ? "" : "?"}`;
}

function writtenAll(properties: Record<string, PropertySchema>, required: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, written(property, required.includes(name))]));
}

/** Outputs are never plain; they are written without their wrapping. */
function outputs({ properties, required }: ObjectSchema): Record<string, string> {
  const plain = (property: PropertySchema): PropertySchema => ({
    ...property,
    plain: true,
    items: property.items && plain(property.items),
    additionalProperties: property.additionalProperties && plain(property.additionalProperties),
  });
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, written(plain(value), required.includes(name))]));
}

const kubeSphereSignIn = {
  provider: "string",
  displayName: "string?",
  mappingMethod: "string?",
  issuer: "string",
  clientId: "Input<string>",
  clientSecret: "Input<string>",
  redirectUri: "string",
  postLogoutRedirectUri: "string",
  scopes: "string[]",
  getUserInfo: "boolean?",
};

const face: Record<string, { inputs: Record<string, string>; outputs: Record<string, string> }> = {
  "gatehouse:index:ApiServer": {
    inputs: {
      server: "string",
      clusterName: "string?",
      certificateAuthority: "string?",
      issuer: "string",
      issuerCertificateAuthority: "string?",
      clientId: "Input<string>",
      scopes: "string[]",
      username: "ClaimMappingArgs",
      groups: "ClaimMappingArgs",
      loopbackPorts: "number[]?",
      outputFolder: "string?",
    },
    outputs: {
      authenticationConfiguration: "string",
      flags: "string[]",
      kubeconfig: "string",
      files: "Record<string>",
    },
  },
  "gatehouse:index:EntraApplication": {
    inputs: {
      displayName: "string",
      redirectUris: "string[]",
      publicClient: "boolean?",
      diagnosticRedirectUri: "string?",
      groupClaims: "string",
      assignedGroups: "Record<EntraAssignedGroupArgs>",
      optionalClaims: "string[]?",
      ownerIds: "Input<string[]>",
      secrets: "EntraSecretArgs[]",
      insecureImplicitIdTokens: "boolean?",
      multiFactor: "EntraMultiFactorArgs?",
    },
    outputs: {
      clientId: "string",
      clientSecret: "string",
    },
  },
  "gatehouse:index:EntraDirectory": {
    inputs: {
      groups: "Record<EntraGroupArgs>",
      ownerIds: "Input<string[]>",
    },
    outputs: {
      groupIds: "Record<string>",
    },
  },
  "gatehouse:index:Kasten": {
    inputs: {
      release: "string?",
      namespace: "string?",
      chart: "KastenChartArgs",
      host: "string",
      issuer: "string",
      clientId: "Input<string>",
      clientSecret: "Input<string>",
      scopes: "string[]",
      username: "ClaimMappingArgs",
      groups: "ClaimMappingArgs",
      prompt: "string?",
      sessionDuration: "string?",
      refreshTokens: "boolean?",
      values: "Record<Any>?",
    },
    outputs: {
      secretName: "string",
    },
  },
  "gatehouse:index:KubeSphere3": {
    inputs: { ...kubeSphereSignIn, owner: "string?" },
    outputs: {
      identityProviders: "string[]",
    },
  },
  "gatehouse:index:KubeSphere4": {
    inputs: kubeSphereSignIn,
    outputs: {
      secretName: "string",
    },
  },
  "gatehouse:index:KubeSpherePeople": {
    inputs: {
      release: "number",
      provider: "string",
      people: "KubeSpherePersonArgs[]",
    },
    outputs: {
      usernames: "string[]",
    },
  },
  "gatehouse:index:OktaApplication": {
    inputs: {
      label: "Input<string>",
      redirectUris: "string[]",
      postLogoutRedirectUris: "string[]",
      grantTypes: "string[]",
      clientAuthentication: "string?",
      requirePkce: "boolean?",
      assignedGroupIds: "Record<Input<string>>",
      claimedGroups: "string[]?",
      groupsClaim: "string?",
      authenticationPolicyId: "Input<string>?",
      secretKeeper: "string",
    },
    outputs: {
      clientId: "string",
      clientSecret: "string",
    },
  },
  "gatehouse:index:OktaDirectory": {
    inputs: {
      groups: "Record<OktaGroupArgs>",
      authorizationServerId: "string?",
      groupsClaim: "string?",
      grantedGroups: "string[]",
    },
    outputs: {
      groupIds: "Record<string>",
    },
  },
  "gatehouse:index:OpenUnison": {
    inputs: {
      charts: "OpenUnisonChartsArgs",
      hosts: "OpenUnisonHostsArgs",
      direct: "OpenUnisonDirectArgs?",
      clusterName: "string?",
      issuer: "string",
      clientId: "Input<string>",
      clientSecret: "Input<string>",
      scopes: "string[]",
      userInIdToken: "boolean",
      claims: "OpenUnisonClaimsArgs",
      dashboard: "boolean?",
      sessionSeconds: "number?",
      replicas: "number?",
      image: "string?",
      proxyImage: "string?",
      ingressType: "string?",
      ingressAnnotations: "Record<string>?",
      clusterIssuer: "string?",
      trustedCertificates: "Record<string>?",
      values: "Record<Any>?",
    },
    outputs: {
      secretName: "string",
      files: "Record<string>",
    },
  },
  "gatehouse:index:RoleBindings": {
    inputs: {
      platform: "Input<string>",
      bindings: "Record<RoleBindingArgs>",
      annotations: "Record<string>?",
    },
    outputs: {
      names: "string[]",
    },
  },
};

const types: Record<string, Record<string, string>> = {
  "gatehouse:index:BoundGroupArgs": {
    subject: "Input<string>",
    displayName: "Input<string>",
  },
  "gatehouse:index:ClaimMappingArgs": {
    claim: "string",
    prefix: "string",
  },
  "gatehouse:index:EntraAssignedGroupArgs": {
    id: "Input<string>",
    displayName: "string",
  },
  "gatehouse:index:EntraGroupArgs": {
    displayName: "string?",
    existing: "string?",
    description: "string?",
    members: "string[]?",
  },
  "gatehouse:index:EntraMultiFactorArgs": {
    state: "string",
    breakGlassGroupId: "Input<string>",
  },
  "gatehouse:index:EntraSecretArgs": {
    start: "string",
    expiresAt: "string?",
  },
  "gatehouse:index:KastenChartArgs": {
    version: "string",
    repository: "string?",
    path: "string?",
    wait: "boolean?",
    timeoutSeconds: "number?",
  },
  "gatehouse:index:KubeSphereBindingArgs": {
    name: "string",
    kind: "string",
    namespace: "string?",
    workspace: "string?",
    roleKind: "string",
    roleName: "string",
  },
  "gatehouse:index:KubeSpherePersonArgs": {
    login: "string",
    subject: "string",
    username: "string",
    bindings: "KubeSphereBindingArgs[]",
  },
  "gatehouse:index:OktaGroupArgs": {
    displayName: "string?",
    existing: "string?",
    description: "string?",
    members: "string[]?",
  },
  "gatehouse:index:OpenUnisonChartArgs": {
    version: "string",
    path: "string?",
  },
  "gatehouse:index:OpenUnisonChartsArgs": {
    operator: "OpenUnisonChartArgs",
    orchestra: "OpenUnisonChartArgs",
    loginPortal: "OpenUnisonChartArgs",
    kubeOidcProxy: "OpenUnisonChartArgs?",
    repository: "string?",
    wait: "boolean?",
    timeoutSeconds: "number?",
  },
  "gatehouse:index:OpenUnisonClaimsArgs": {
    sub: "string",
    email: "string",
    given_name: "string",
    family_name: "string",
    display_name: "string",
    groups: "string",
  },
  "gatehouse:index:OpenUnisonDirectArgs": {
    apiServerUrl: "string",
    certificateAuthority: "string?",
    username: "ClaimMappingArgs",
    groups: "ClaimMappingArgs",
  },
  "gatehouse:index:OpenUnisonHostsArgs": {
    portal: "string",
    dashboard: "string",
    apiServer: "string?",
  },
  "gatehouse:index:RoleBindingArgs": {
    name: "Input<string>",
    namespace: "Input<string>?",
    roleKind: "Input<string>",
    roleName: "Input<string>",
    groups: "Input<Input<BoundGroupArgs>[]>",
  },
};

test("every exported component is found, documented, and nothing else is", () => {
  const exported = getPulumiComponents(library).map(({ name }) => `gatehouse:index:${name}`);
  expect(Object.keys(schema.resources).sort()).toEqual(exported.sort());
  expect(exported).toEqual(Object.keys(face).sort());
  for (const component of Object.values(schema.resources)) {
    expect(component.isComponent).toBe(true);
    expect(component.description).toMatch(/\w+/);
  }
});

test("the package is named as its type tokens say, in the project's version", () => {
  expect([schema.name, schema.version]).toEqual(["gatehouse", projectManifest.version]);
});

test.each(Object.keys(face))("%s: its inputs and outputs, and no private field among them", (token) => {
  const component = schema.resources[token];
  expect(component && { inputs: writtenAll(component.inputProperties, component.requiredInputs), outputs: outputs(component) }).toEqual(
    face[token],
  );
});

test("the types that inputs are made of", () => {
  const found = Object.entries(schema.types).map(([token, type]) => [token, writtenAll(type.properties, type.required)]);
  expect(Object.fromEntries(found)).toEqual(types);
});
