/** What a binding says of its subjects, so that whoever judges it (the policy pack) needs no second list of prefixes. */

/** Subjects have no prefix, since this platform puts none before names: its value. */
export const unprefixedAnnotation = "gatehouse.dev/unprefixed-subjects";
/** The prefix of the subjects, where a name does not show that it has one. */
export const prefixAnnotation = "gatehouse.dev/subject-prefix";
/** Subjects end in names (app roles, looked-up display names), although the prefix is one that object IDs follow: its value says which. */
export const namesAnnotation = "gatehouse.dev/subject-names";

/** Last day of the next review of what it gives (the earliest of its grants'), or `never` where one of them was never reviewed. */
export const reviewDueAnnotation = "gatehouse.dev/review-due";

/** Who answers for what it gives: the owners of its grants, parted by semicolons. */
export const ownerAnnotation = "gatehouse.dev/owner";

/** A prefix that shows by itself: a colon or hash, or an underscore before an object ID. */
export const shownPrefixPattern = "^[A-Za-z0-9][A-Za-z0-9._-]*(?:[:#]|_(?=[0-9a-f]{8}-))";
/** A prefix that object IDs of Entra ID follow, as K10's and cluster makers' documentation have it. */
export const objectIdPrefixPattern = "^(?:entra|aad|azure|azuread)[:#_]|^[a-z0-9]+_azure_";

/**
 * The annotations of a platform's bindings; undefined where the subjects speak for themselves.
 * @param prefix the literal text before claim values
 * @param values whether groups arrive as object IDs or as names
 */
export function subjectAnnotations(prefix: string, platform: string, values: "id" | "name"): Record<string, string> | undefined {
  if (prefix === "") {
    return { [unprefixedAnnotation]: platform };
  }
  const annotations = {
    ...(/^[A-Za-z0-9][A-Za-z0-9._-]*[:#]$/.test(prefix) ? {} : { [prefixAnnotation]: prefix }),
    ...(values === "name" && new RegExp(objectIdPrefixPattern).test(prefix) ? { [namesAnnotation]: platform } : {}),
  };
  return Object.keys(annotations).length === 0 ? undefined : annotations;
}
