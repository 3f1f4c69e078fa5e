import type { LiveBinding, LiveSubject } from "./types";

/** `RoleBinding shop/gatehouse-k10-k10-basic` */
export function placeOf({ kind, name, namespace, workspace }: Pick<LiveBinding, "kind" | "name" | "namespace" | "workspace">): string {
  const place = namespace ?? workspace;
  return `${kind} ${place === undefined ? "" : `${place}/`}${name}`;
}

/** `Group okta:Kasten Admins`, `ServiceAccount shop/default` */
export function subjectText({ kind, name, namespace }: LiveSubject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
