import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { ensureTool } from "../../../lab/machine/toolchain";

/** What every manifest has; a test names the rest of what it reads. */
interface AnyManifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const charts = join(__dirname, "../../../lab/story/charts");
const run = promisify(execFile);

/** `helm template` of one of the lab's charts with the toolchain's own Helm; call it once, at the top of a test file. */
export function renderer<Manifest extends AnyManifest>(): (options: {
  readonly chart: string;
  readonly release: string;
  readonly namespace: string;
  readonly values: unknown;
  readonly flags?: readonly string[];
}) => Promise<{ manifests: Manifest[]; text: string }> {
  let helm: string;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "gatehouse-chart-"));
    helm = (await ensureTool("helm", () => undefined)).path;
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return async ({ chart, release, namespace, values, flags = [] }) => {
    const file = join(folder, "values.json");
    writeFileSync(file, JSON.stringify(values));
    const args = ["template", release, join(charts, chart), "-n", namespace, ...flags, "-f", file];
    const { stdout } = await run(helm, args, { maxBuffer: 2 ** 24 });
    const manifests = parseAllDocuments(stdout)
      .map((document) => document.toJS() as Manifest | null)
      .filter((manifest) => manifest !== null);
    return { manifests, text: stdout };
  };
}

/** The one manifest of that kind and name; none, or several, is an error. */
export function one<Manifest extends AnyManifest>(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const [found, ...more] = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (found === undefined || more.length > 0) {
    throw new Error(`expected one ${kind} ${name}, got ${found ? more.length + 1 : 0}`);
  }
  return found;
}
