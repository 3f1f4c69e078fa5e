import { z } from "zod";
import type { ClusterQuestion, FoundAccount } from "../adoption";
import { compareText } from "../../text/stable-order";
import { kubeSphereApis } from "./apis";
import { kubeSphereUsername, reservedUsernames } from "./common";

export function usersQuestion(release: 3 | 4): ClusterQuestion {
  return {
    path: `/apis/${kubeSphereApis[release].iam}/users`,
    file: "users.json",
    command: "kubectl get users.iam.kubesphere.io --output json",
    right: "list users of iam.kubesphere.io",
  };
}

/** Of a User (kubesphere/kubesphere, staging/src/kubesphere.io/api/iam): what ties it to a person, and whether it has a password. */
export const userListSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({
        name: z.string(),
        labels: z.record(z.string(), z.string()).nullish(),
        annotations: z.record(z.string(), z.string()).nullish(),
        deletionTimestamp: z.string().nullish(),
      }),
      spec: z.looseObject({ password: z.string().nullish() }).nullish(),
    }),
  ),
});

type User = z.infer<typeof userListSchema>["items"][number];

const iam = "iam.kubesphere.io";

/** The accounts that are tied to people of one provider. Accounts of others, and local ones, are nobody's here. */
export function accountsOf(release: 3 | 4, provider: string, users: readonly User[]): FoundAccount[] {
  const tied = users.flatMap((user) => {
    const marks = marksOf(release, provider, user);
    const [claimValue] = marks.values;
    return claimValue === undefined || typeof user.metadata.deletionTimestamp === "string" ? [] : [{ user, claimValue, marks }];
  });
  return tied
    .map(({ user, claimValue, marks }): FoundAccount => {
      const { name } = user.metadata;
      const same = tied.filter((other) => other.claimValue === claimValue).map((other) => other.user.metadata.name);
      const fault = marks.fault ?? faultOf(name, same);
      const hasPassword = (user.spec?.password ?? "") !== "";
      return { name, claimValue, hasPassword, ...(fault === undefined ? {} : { fault }) };
    })
    .sort((left, right) => compareText(left.name, right.name));
}

/** What ties an account to a person: labels in release 3 and up to 4.1.2, an annotation from 4.1.3 on (kubesphere/kubesphere#6299). */
function marksOf(release: 3 | 4, provider: string, { metadata }: User): { readonly values: readonly string[]; readonly fault?: string } {
  const { labels, annotations } = metadata;
  const labelled = labels?.[`${iam}/identify-provider`];
  const byLabel = labelled === provider ? labels?.[`${iam}/origin-uid`] : undefined;
  const byAnnotation = kubeSphereApis[release].annotated ? annotations?.[`${iam}/identity-provider.${provider}`] : undefined;
  const values = [...new Set([byAnnotation, byLabel].filter((value) => value !== undefined && value !== ""))] as string[];
  if (values.length > 1) {
    return { values, fault: "is tied to one person by its labels and to another by its annotation" };
  }
  return byAnnotation !== undefined && labelled !== undefined && labelled !== provider
    ? { values, fault: `is tied to the provider ${labelled} as well, by the labels that the stack would write` }
    : { values };
}

function faultOf(name: string, same: readonly string[]): string | undefined {
  if (same.length > 1) {
    return `is one of ${same.length} accounts of the same person (${[...same].sort(compareText).join(", ")})`;
  }
  if (reservedUsernames.includes(name)) {
    return "has a name that KubeSphere keeps for itself";
  }
  return kubeSphereUsername.test(name)
    ? undefined
    : "has a name that the console would refuse: it takes at most 32 lower-case letters, digits, dots and inner dashes";
}
