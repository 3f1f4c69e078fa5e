import type * as pulumi from "@pulumi/pulumi";

/** Where in a program the resources of an environment are made: what their names begin with, and what they belong to. */
export interface Scope {
  /** The name of a resource. Names are identity: a part that changes makes another resource. */
  name(part: string): string;
  /** For resources and for look-ups, which take the providers of their parent. */
  readonly options: { readonly parent?: pulumi.Resource };
}

/** The program itself is one environment: names are as short as they can be, and nothing stands above them. */
export const programScope: Scope = { name: (part) => part, options: {} };

/** One component of several in a program: its name comes first, so that nothing collides, and it is the parent. */
export function componentScope(name: string, parent: pulumi.Resource): Scope {
  return { name: (part) => `${name}-${part}`, options: { parent } };
}
