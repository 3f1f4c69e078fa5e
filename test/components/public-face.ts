/** What the components promise to programs in every language; schema.test.ts holds Pulumi's own analyser against it. */
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

/** Inputs and outputs of every component, as their types would be written in TypeScript. */
export const face: Record<string, { inputs: Record<string, string>; outputs: Record<string, string> }> = {
  "gatehouse:index:ApiServer": {
    inputs: {
      server: "string",
      clusterName: "string?",
      certificateAuthority: "string?",
      issuer: "string",
      issuerCertificateAuthority: "string?",
      groupsShape: "string?",
      requiredClaims: "Record<string>?",
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
      readsDirectory: "boolean?",
      diagnosticRedirectUri: "string?",
      groupClaims: "string",
      assignedGroups: "Record<EntraAssignedGroupArgs>",
      assignedUserIds: "Record<Input<string>>?",
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
      issuerCertificateAuthority: "string?",
      values: "Record<Any>?",
    },
    outputs: {
      secretName: "string",
    },
  },
  "gatehouse:index:KeycloakApplication": {
    inputs: {
      realm: "string",
      clientId: "string",
      displayName: "string",
      publicClient: "boolean?",
      redirectUris: "string[]",
      postLogoutRedirectUris: "string[]",
      refreshTokens: "boolean?",
      requirePkce: "boolean?",
      defaultScopes: "string[]",
      optionalScopes: "string[]?",
      grantedGroups: "Record<KeycloakGrantedGroupArgs>",
      grantedUserIds: "Record<Input<string>>?",
      groupClaims: "string?",
      groupsClaim: "string?",
      restrictSignIn: "boolean?",
      acr: "string?",
      tokenLifetimeSeconds: "number?",
      secretKeeper: "string",
    },
    outputs: {
      clientId: "string",
      clientSecret: "string",
    },
  },
  "gatehouse:index:KeycloakDirectory": {
    inputs: {
      realm: "string",
      groups: "Record<KeycloakGroupArgs>",
    },
    outputs: {
      groupIds: "Record<string>",
    },
  },
  "gatehouse:index:KubeSphere3": {
    inputs: { ...kubeSphereSignIn, owner: "string?" },
    outputs: {
      identityProviders: "string[]",
    },
  },
  "gatehouse:index:KubeSphere4": {
    inputs: { ...kubeSphereSignIn, issuerCertificateAuthority: "string?" },
    outputs: {
      secretName: "string",
      files: "Record<string>",
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
      assignedUserIds: "Record<Input<string>>?",
      claimedGroups: "string[]?",
      groupsClaim: "string?",
      authenticationPolicyId: "Input<string>?",
      issuerMode: "string?",
      secrets: "string[]",
      adoptedSecret: "Input<string>?",
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
      claimedGroups: "string[]?",
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
      groupNamesTenant: "string?",
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

/** The types that inputs are made of. */
export const types: Record<string, Record<string, string>> = {
  "gatehouse:index:BoundGroupArgs": {
    subject: "Input<string>",
    displayName: "Input<string>",
  },
  "gatehouse:index:BoundUserArgs": {
    subject: "Input<string>",
    login: "Input<string>",
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
  "gatehouse:index:KeycloakGrantedGroupArgs": {
    id: "Input<string>",
    claimValue: "string",
  },
  "gatehouse:index:KeycloakGroupArgs": {
    displayName: "string?",
    existing: "string?",
    description: "string?",
    members: "string[]?",
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
    loginAzuread: "OpenUnisonChartArgs?",
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
    reviewDue: "Input<string>?",
    roleKind: "Input<string>",
    roleName: "Input<string>",
    groups: "Input<Input<BoundGroupArgs>[]>",
    users: "Input<Input<BoundUserArgs>[]>?",
  },
};
