/** What is measured: environments of a given size, the same at every run, each as a Gatehouse stack and as a flat program's configuration. */

/** A group with its one grant. */
export interface BenchGroup {
  /** Unique in the environment. */
  readonly key: string;
  readonly displayName: string;
  readonly description: string;
  /** Sign-in names of people whom the lab's organisation has. */
  readonly members: readonly string[];
  readonly role: "admin" | "basic" | "view";
  /** For `basic`. */
  readonly namespaces?: readonly string[];
}

/** One Kasten K10. */
export interface BenchPlatform {
  readonly name: string;
  readonly host: string;
  readonly release: string;
  readonly namespace: string;
  readonly chart: { readonly path: string; readonly version: string };
  readonly groups: readonly BenchGroup[];
}

/** An environment to measure. */
export interface BenchCase {
  /** `5 x 30` */
  readonly name: string;
  readonly platforms: readonly BenchPlatform[];
}

const people = ["ada@example.com", "ana@example.com", "nils@example.com", "omar@example.com"] as const;
const roles = ["admin", "basic", "view"] as const;
/** Namespaces that the lab has before any stack. */
const namespaces = ["shop", "billing"] as const;

/** `platforms` times K10 with `groups` groups each; one in three administers, operates one namespace, or looks on. */
export function benchCase(platforms: number, groups: number, chart: BenchPlatform["chart"]): BenchCase {
  const platform = (position: number): BenchPlatform => {
    const name = platforms === 1 ? "k10" : `k10-${position + 1}`;
    return {
      name,
      host: `https://${name}.example.com`,
      release: name,
      namespace: platforms === 1 ? "kasten-io" : `kasten-${position + 1}`,
      chart,
      groups: Array.from({ length: groups }, (_, number) => benchGroup(name, number)),
    };
  };
  return { name: `${platforms} x ${groups}`, platforms: Array.from({ length: platforms }, (_, position) => platform(position)) };
}

function benchGroup(platform: string, number: number): BenchGroup {
  const role = roles[number % roles.length] ?? "view";
  const key = `${platform}-${role}-${number + 1}`;
  return {
    key,
    displayName: `Bench ${key}`,
    description: `Group ${number + 1} of ${platform}`,
    members: [people[number % people.length] ?? people[0]],
    role,
    ...(role === "basic" && { namespaces: [namespaces[Math.floor(number / roles.length) % namespaces.length] ?? namespaces[0]] }),
  };
}

/** The case as a Gatehouse stack's `config`. */
export function gatehouseConfig(benchmark: BenchCase, issuer: string): Record<string, unknown> {
  const groups = benchmark.platforms.flatMap((platform) => platform.groups);
  return {
    "gatehouse:idp": { kind: "okta", orgUrl: issuer },
    "gatehouse:groups": Object.fromEntries(
      groups.map(({ key, displayName, description, members }) => [key, { displayName, description, members }]),
    ),
    "gatehouse:platforms": Object.fromEntries(
      benchmark.platforms.map((platform) => [
        platform.name,
        {
          kind: "kasten",
          host: platform.host,
          release: platform.release,
          namespace: platform.namespace,
          // No kubelet runs in the lab, so no pod ever becomes ready.
          chart: { ...platform.chart, wait: false },
          access: platform.groups.map((group) => ({
            group: group.key,
            role: group.role,
            ...(group.namespaces && { namespaces: group.namespaces }),
          })),
        },
      ]),
    ),
  };
}

/** The case as the flat program's `config`. */
export function flatConfig(benchmark: BenchCase, issuer: string): Record<string, unknown> {
  return { "gatehouse-bench-flat:issuer": issuer, "gatehouse-bench-flat:platforms": benchmark.platforms };
}
