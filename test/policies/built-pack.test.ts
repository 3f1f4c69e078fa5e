import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { exceptionsPolicy } from "../../policies/pack";
import { rules } from "../../policies/rules";

/** The methods of the engine's client that are called here. */
interface AnalyzerClient extends grpc.Client {
  getAnalyzerInfo(
    request: unknown,
    answered: (error: Error | null, response: { getPoliciesList(): { getName(): string }[] }) => void,
  ): void;
}

const root = join(__dirname, "../..");
const { AnalyzerClient: Client } = createRequire(__filename)("@pulumi/pulumi/proto/analyzer_grpc_pb") as {
  AnalyzerClient: new (address: string, credentials: grpc.ChannelCredentials) => AnalyzerClient;
};
// The SDK has a copy of google-protobuf of its own, and its messages take no other's.
const { Empty } = createRequire(require.resolve("@pulumi/pulumi"))("google-protobuf/google/protobuf/empty_pb") as {
  Empty: new () => unknown;
};

/** The pack as `npm run build` makes it, started as Pulumi's language host starts it: from the module that the pack's folder has. */
describe("the compiled pack", () => {
  let folder: string;
  let host: ChildProcess | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "gatehouse-pack-"));
    await promisify(execFile)(process.execPath, [join(root, "scripts", "build-policies.mjs"), folder]);
  }, 60_000);
  afterAll(() => {
    host?.kill();
    rmSync(folder, { recursive: true });
  });

  it("serves every rule, from a folder outside of this repository that nothing was installed in", async () => {
    const program = createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    expect(program.startsWith(folder)).toBe(true);
    const child = spawn(process.execPath, [program, "127.0.0.1:1", folder], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    host = child;
    const port = await new Promise<string>((resolve) => child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim())));
    const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const names = await new Promise<string[]>((resolve, reject) =>
      client.getAnalyzerInfo(new Empty(), (error, response) =>
        error ? reject(error) : resolve(response.getPoliciesList().map((policy) => policy.getName())),
      ),
    );
    client.close();
    expect(names.sort()).toEqual([exceptionsPolicy, ...rules.map(({ id }) => id)].sort());
  }, 30_000);

  it("loads neither TypeScript nor the rest of the SDK, and has the SDK's own marks of special values", () => {
    const bundle = readFileSync(join(folder, "index.js"), "utf8");
    expect(
      [...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name).filter((name) => /^@pulumi|typescript/.test(name ?? "")),
    ).toEqual([]);
    expect(bundle).not.toContain("LocalWorkspace");
    for (const signature of [rpc.specialSigKey, rpc.specialAssetSig, rpc.specialArchiveSig, rpc.specialSecretSig]) {
      expect(bundle).toContain(signature);
    }
  });
});
