import { stringify } from "yaml";
import {
  environmentDocument,
  grantedUsers,
  userHolder,
  openReview,
  parseEnvironment,
  readStackFile,
  type EnvironmentDocument,
} from "../../../model";

export const today = "2026-11-23";

export const stackText = `# who may what
config:
  gatehouse:idp: { kind: okta, orgUrl: "https://example.okta.com" }
  gatehouse:groups:
    backup-admins:
      displayName: Kasten Admins
      members: # the team
        - ana@example.com
        - bob@example.com # until the move
    backup-operators: { displayName: Kasten Users, members: [omar@example.com, ola@example.com] }
    auditors:
      existing: Security Auditors
      reviewers: [chief@example.com]
  gatehouse:platforms:
    k10:
      kind: kasten
      host: https://k10.example.com
      chart: { version: 8.0.15 }
      review: quarterly
      reviewers: [ana@example.com, owner@example.com]
      access:
        # the team itself
        - group: backup-admins
          role: admin
        - { group: backup-operators, role: basic, namespaces: [shop, billing] } # shop only?
        - group: auditors
          role: view
          until: "2027-03-31"
          reviewed: "2026-08-01" # last time
`;

export function documentOf(text: string, day = today): EnvironmentDocument {
  const { environment } = parseEnvironment(readStackFile(text).raw, day);
  const groups = Object.fromEntries(Object.keys(environment.groups).map((key) => [key, { id: `id-${key}`, claimValue: key }]));
  const platforms = Object.fromEntries(Object.keys(environment.platforms).map((key) => [key, { clientId: `client-${key}` }]));
  const users = Object.values(environment.platforms).flatMap(grantedUsers);
  const members = Object.fromEntries(users.map((login) => [userHolder(login), [{ login, id: login }]]));
  return environmentDocument(environment, { stack: "production", groups, platforms, members });
}

export const document = documentOf(stackText);
export const [admin, basic, view] = ["k10/backup-admins/admin", "k10/backup-operators/basic/billing,shop", "k10/auditors/view"] as const;

interface Fill {
  readonly decision: unknown;
  readonly reason?: string | null;
  readonly by?: string | null;
}

/** A review of which every row is decided. */
export function decided(
  fills: Readonly<Record<string, Fill>> = {},
  members: Readonly<Record<string, unknown[]>> = {},
): Record<string, unknown> {
  const review = openReview(document, today);
  return {
    ...review,
    grants: review.grants.map((row) => ({
      ...row,
      decision: "keep",
      reason: "still the team's work",
      by: row.grant === view ? "chief@example.com" : "owner@example.com",
      ...fills[row.grant],
    })),
    members: review.members.map((entry) => ({ ...entry, remove: members[entry.group] ?? [] })),
  };
}

export const files = (review: unknown, stack = stackText): Record<string, string> => ({
  "review.yaml": typeof review === "string" ? review : stringify(review, { lineWidth: 0 }),
  "env.json": JSON.stringify(document),
  "Pulumi.production.yaml": stack,
});
