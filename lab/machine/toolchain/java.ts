import { join } from "node:path";
import { run } from "../processes";
import { isExecutable, which } from "./versions";

/** Keycloak 26 needs this or a later one (https://www.keycloak.org/getting-started/getting-started-zip). */
const javaNeeded = 17;

export interface Java {
  /** Absolute path of the `java` binary. */
  readonly path: string;
  /** `17` */
  readonly version: number;
}

/**
 * A Java to run Keycloak with: `$JAVA_HOME/bin/java` if set, else the first on PATH.
 * @throws Error that says what was found and how to install one
 */
export async function findJava(env: NodeJS.ProcessEnv): Promise<Java> {
  const home = env.JAVA_HOME === undefined || env.JAVA_HOME === "" ? undefined : join(env.JAVA_HOME, "bin", "java");
  const path = home ?? which("java", env.PATH);
  const install = `Install one (Debian: apt-get install openjdk-17-jre-headless, macOS: brew install openjdk@21) or set JAVA_HOME.`;
  if (path === undefined || !isExecutable(path)) {
    throw new Error(`Keycloak: expected Java ${javaNeeded} or later, got none (${home ?? "no java on PATH"}). ${install}`);
  }
  const { stderr, stdout } = await run(path, ["-version"], { env, timeoutMilliseconds: 120_000 });
  const version = javaVersion(stderr + stdout);
  if (version === undefined || version < javaNeeded) {
    throw new Error(`Keycloak: expected Java ${javaNeeded} or later, got ${path} of version ${version ?? "unknown"}. ${install}`);
  }
  return { path, version };
}

/** The feature version in what `java -version` prints: `1.8.0_392` is 8, `17.0.15` is 17, `22-ea` is 22. */
export function javaVersion(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
