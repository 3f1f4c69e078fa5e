/**
 * What must hold between the parts of an environment, one check a file; each finds problems and throws nothing. A rule of one kind of
 * identity provider or platform is a question to its definition, never a check that knows the kind.
 */
import { addresses } from "./addresses";
import { certificates, issuerCertificates } from "./certificates";
import type { EnvironmentCheck } from "./check";
import { claims } from "./claims";
import { compatibilityOfPairs } from "./compatibility";
import { distinctSubjects } from "./distinct-subjects";
import { exclusivePlaces } from "./exclusive-places";
import { grantEnds } from "./grant-ends";
import { grants } from "./grants";
import { groups } from "./groups";
import { groupLookUps } from "./group-look-ups";
import { memberNames, unseenMembers } from "./members";
import { guardedNamespaces } from "./guarded-namespaces";
import { people } from "./people";
import { redirects } from "./redirects";
import { referencedGroups } from "./referenced-groups";
import { reviews } from "./reviews";
import { trustedGroupNames } from "./trusted-group-names";
import { users } from "./users";

export type { EnvironmentCheck, Parts } from "./check";

/** Every check, in the order in which people read the problems. */
export const checks: readonly EnvironmentCheck[] = [
  groups,
  groupLookUps,
  referencedGroups,
  grants,
  grantEnds,
  reviews,
  compatibilityOfPairs,
  claims,
  redirects,
  addresses,
  trustedGroupNames,
  distinctSubjects,
  exclusivePlaces,
  guardedNamespaces,
  people,
  users,
  certificates,
  issuerCertificates,
  memberNames,
  unseenMembers,
];
