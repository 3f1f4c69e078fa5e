import { compareText, type EnvironmentDocument, type HeldRule, type Scene, type SceneAccount } from "../../model";
import { accessOf, type AccessPath, type RbacIndex } from "./decide";
import { accountOf, accountUsername, subjectKey, withImplicitGroups } from "./identity";

/** Rules with their places, for reach. */
export function heldRules(paths: readonly AccessPath[]): HeldRule[] {
  return paths.map(({ rule, binding }) => ({ rule, ...(binding.namespace !== "" && { place: binding.namespace }) }));
}

/**
 * The service accounts that hold anything in a cluster, for reach. Secrets and pods are not read: each account is taken to have a pod
 * that runs, and none to have a token Secret.
 */
export function sceneOf(index: RbacIndex, document?: EnvironmentDocument): Scene {
  const keys = index.state.bindings.flatMap(({ subjects, namespace }) => subjects.map((subject) => subjectKey(subject, namespace) ?? ""));
  const users = keys.filter((key) => key.startsWith("User ")).map((key) => key.slice("User ".length));
  const accounts = [...new Set(users)].sort(compareText).flatMap((username): SceneAccount[] => {
    const account = accountOf(username);
    return account === undefined
      ? []
      : [
          {
            ...account,
            held: heldRules(
              accessOf(index, withImplicitGroups({ username: accountUsername(account.namespace, account.name), groups: [] })),
            ),
            runs: true,
            kanister: /^kanister-svc$|-k10$/.test(account.name),
          },
        ];
  });
  const platforms = Object.values(document?.platforms ?? {}).flatMap(({ release, title }) =>
    release === undefined ? [] : [{ namespace: release.namespace, title }],
  );
  return { accounts, platforms };
}
