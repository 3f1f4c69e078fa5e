import {
  groupsToExpand,
  identityProviderFacts,
  identityProviderOf,
  userHolder,
  usersToLookUp,
  type Environment,
  type GroupMembers,
  type IdentityProviderSpec,
} from "../../model";
import type * as pulumi from "@pulumi/pulumi";
import type { IdentityProvider, IdentityProviderInputs, IdentityProviderKind } from "./contract";
import { entra } from "./entra";
import { external } from "./external";
import { requireIssuer } from "./issuer";
import { keycloak } from "./keycloak";
import { okta } from "./okta";

type SpecOf<Kind extends IdentityProviderSpec["kind"]> = Extract<IdentityProviderSpec, { kind: Kind }>;

/** Every kind of identity provider. A new one adds its line here. */
const kinds: { readonly [Kind in IdentityProviderSpec["kind"]]: IdentityProviderKind<SpecOf<Kind>> } = {
  entra,
  external,
  keycloak,
  okta,
};

/** The definition that belongs to a spec. */
function kindOf<Kind extends IdentityProviderSpec["kind"]>(spec: SpecOf<Kind>): IdentityProviderKind<SpecOf<Kind>> {
  return kinds[spec.kind];
}

/** Sets up the identity provider of an environment. */
export function setUpIdentityProvider<Kind extends IdentityProviderSpec["kind"]>(
  inputs: IdentityProviderInputs<SpecOf<Kind>>,
): IdentityProvider {
  return kindOf(inputs.spec).setUp(inputs);
}

/** Completes what a stack may leave to a look-up, and compares the issuer with what it says itself. No resource exists yet when this runs. */
export async function resolveIdentityProvider<Kind extends IdentityProviderSpec["kind"]>(
  spec: SpecOf<Kind>,
  parent?: pulumi.Resource,
): Promise<SpecOf<Kind>> {
  const kind = kindOf(spec);
  const resolved = (await kind.resolve?.(spec)) ?? spec;
  const { issuer, certificateAuthority } = identityProviderFacts(resolved);
  const setting = { path: `gatehouse:idp.${kind.issuer.setting}`, fix: (named: string) => kind.issuer.fix(resolved, named) };
  const document = await requireIssuer({ issuer, certificateAuthority, setting }, parent);
  if (document !== undefined) {
    kind.requireDiscovery?.(resolved, document);
    await kind.requireSettings?.(resolved);
  }
  return resolved;
}

/**
 * Looks up the members of the groups that must be expanded into people, and the people with a grant of their own. No resource exists yet when this runs.
 * @throws Error for a kind that cannot: compatibility() refuses its pair with a platform that needs it before this
 */
export async function lookUpMembers({ idp, groups, platforms }: Environment, options: pulumi.InvokeOptions = {}): Promise<GroupMembers> {
  const kind = kindOf(idp);
  const found = groupsToExpand({ platforms }).map(async (key) => {
    if (kind.members === undefined) {
      const { title } = identityProviderOf(idp).capabilities;
      throw new Error(`Members of '${key}': expected an identity provider whose sub is known beforehand, got ${title}.`);
    }
    return [key, await kind.members(key, groups[key] ?? {}, options, idp)] as const;
  });
  const alone = usersToLookUp({ platforms }).map(async (login) => {
    const id = identityProviderOf(idp).userValue?.(idp, login) ?? (await kind.person?.(whereOf(platforms, login), login, options, idp));
    if (id === undefined) {
      throw new Error(`Person '${login}': expected an identity provider that knows what their tokens carry, got ${idp.kind}.`);
    }
    return [userHolder(login), [{ login, id }]] as const;
  });
  return Object.fromEntries(await Promise.all([...found, ...alone]));
}

/** The first place in the stack file that grants to a person. */
function whereOf(platforms: Environment["platforms"], login: string): string {
  const [place] = Object.entries(platforms).flatMap(([name, { access }]) =>
    access.flatMap(({ user }, position) => (user === login ? [`gatehouse:platforms.${name}.access[${position}].user`] : [])),
  );
  return place ?? "gatehouse:platforms";
}
