import * as keycloak from "@pulumi/keycloak";
import * as pulumi from "@pulumi/pulumi";

/** The sign-in flow of one client. */
export interface SignInFlow {
  /** The flow's id, for `authenticationFlowBindingOverrides`. */
  readonly id: pulumi.Output<string>;
}

interface Client {
  readonly realm: string;
  readonly clientId: string;
  readonly displayName: string;
}

/**
 * A browser flow that lets in only people of the given groups, and the given people. Keycloak has no assignment of people to clients, so a role stands for it,
 * and the flow denies whoever lacks it:
 *
 *   REQUIRED     sign in: the cookie of an earlier sign-in, another identity provider, or password and (where the person has one) OTP
 *   CONDITIONAL  the person lacks the role: deny
 *
 * Nested like this it holds for the cookie too; Keycloak's documented example does not (keycloak/keycloak#38308). A first sign-in
 * through another identity provider never reaches the second half (keycloak/keycloak#10250): docs/adding-an-identity-provider.md says
 * what the realm's owner can do about that.
 */
export function restrictSignIn(
  name: string,
  client: Client,
  groups: readonly (readonly [key: string, id: pulumi.Input<string>])[],
  users: readonly (readonly [login: string, id: pulumi.Input<string>])[],
  child: pulumi.CustomResourceOptions,
): SignInFlow {
  const realmId = client.realm;
  const alias = `gatehouse-${client.clientId}`;
  const role = accessRole(name, client, groups, users, child);
  const flow = new keycloak.authentication.Flow(
    `${name}-flow`,
    { realmId, alias, providerId: "basic-flow", description: `Sign-in to ${client.displayName} for people with a grant` },
    child,
  );
  const next = oneAfterAnother(child);
  const step = subflows(realmId, next);
  const execute = executions(realmId, next);
  const signIn = step(`${name}-flow-sign-in`, flow.alias, `${alias}-sign-in`, "REQUIRED", 10);
  const denied = step(`${name}-flow-denied`, flow.alias, `${alias}-denied`, "CONDITIONAL", 20);
  const forms = step(`${name}-flow-forms`, signIn.alias, `${alias}-forms`, "ALTERNATIVE", 30);
  const otp = step(`${name}-flow-otp`, forms.alias, `${alias}-otp`, "CONDITIONAL", 20);

  const condition = execute(`${name}-flow-condition`, denied.alias, "conditional-user-role", "REQUIRED", 10);
  next(
    (options) =>
      new keycloak.authentication.ExecutionConfig(
        `${name}-flow-condition-config`,
        { realmId, executionId: condition.id, alias: `${alias}-role`, config: { condUserRole: role, negate: "true" } },
        options,
      ),
  );
  execute(`${name}-flow-cookie`, signIn.alias, "auth-cookie", "ALTERNATIVE", 10);
  execute(`${name}-flow-idp`, signIn.alias, "identity-provider-redirector", "ALTERNATIVE", 20);
  execute(`${name}-flow-password`, forms.alias, "auth-username-password-form", "REQUIRED", 10);
  execute(`${name}-flow-otp-configured`, otp.alias, "conditional-user-configured", "REQUIRED", 10);
  execute(`${name}-flow-otp-form`, otp.alias, "auth-otp-form", "REQUIRED", 20);
  const last = execute(`${name}-flow-deny`, denied.alias, "deny-access-authenticator", "REQUIRED", 20);
  // Known when all its steps are there, so that no client stands behind half a flow, neither while it is made nor while it goes.
  return { id: pulumi.all([flow.id, last.id]).apply(([id]) => id) };
}

/** The role stands on a client of its own: the groups claim lists all roles of the platform's client. @returns `<client id>.<role>` */
function accessRole(
  name: string,
  client: Client,
  groups: readonly (readonly [string, pulumi.Input<string>])[],
  users: readonly (readonly [string, pulumi.Input<string>])[],
  child: pulumi.CustomResourceOptions,
): pulumi.Input<string> {
  const realmId = client.realm;
  const holder = new keycloak.openid.Client(
    `${name}-access`,
    {
      realmId,
      clientId: `${client.clientId}-access`,
      name: `${client.displayName}: who may sign in`,
      enabled: true,
      // No flow at all: it holds a role and nothing else.
      accessType: "BEARER-ONLY",
      standardFlowEnabled: false,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      serviceAccountsEnabled: false,
      fullScopeAllowed: false,
      webOrigins: [],
    },
    child,
  );
  const role = new keycloak.Role(
    `${name}-access-role`,
    { realmId, clientId: holder.id, name: "granted", description: `may sign in to ${client.displayName}` },
    child,
  );
  for (const [key, groupId] of groups) {
    new keycloak.GroupRoles(`${name}-access-${key}`, { realmId, groupId, roleIds: [role.id], exhaustive: false }, child);
  }
  for (const [login, userId] of users) {
    // The person's other roles are other people's business.
    new keycloak.UserRoles(`${name}-access-user-${login}`, { realmId, userId, roleIds: [role.id], exhaustive: false }, child);
  }
  return holder.clientId.apply((id) => `${id}.granted`);
}

/** Makes a resource with these options. */
type Make = <Made extends pulumi.Resource>(make: (options: pulumi.CustomResourceOptions) => Made) => Made;

/**
 * Each resource depends on the one before, so that they come and go one at a time. Keycloak lists a flow's steps from the database and the
 * flows that they name from its cache: a list that it reads while another step is made or goes may end in 500 (seen on 26.4.7, both ways).
 */
function oneAfterAnother(child: pulumi.CustomResourceOptions): Make {
  let before: pulumi.Resource[] = [];
  return (make) => {
    const made = make({ ...child, dependsOn: before });
    before = [made];
    return made;
  };
}

function subflows(realmId: string, next: Make) {
  return (name: string, parentFlowAlias: pulumi.Input<string>, alias: string, requirement: string, priority: number) =>
    next(
      (options) =>
        new keycloak.authentication.Subflow(
          name,
          { realmId, parentFlowAlias, alias, requirement, priority, providerId: "basic-flow" },
          options,
        ),
    );
}

/** The priority is written out: without it, the order is that in which the steps happened to be made. */
function executions(realmId: string, next: Make) {
  return (name: string, parentFlowAlias: pulumi.Input<string>, authenticator: string, requirement: string, priority: number) =>
    next(
      (options) => new keycloak.authentication.Execution(name, { realmId, parentFlowAlias, authenticator, requirement, priority }, options),
    );
}
