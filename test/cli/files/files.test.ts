import { sampleDocument } from "../../fixtures/sample";
import { gatehouse } from "../harness";

function environment(files: Record<string, string> | undefined): string {
  const document = sampleDocument();
  return JSON.stringify({ ...document, platforms: { ...document.platforms, k10: { ...document.platforms["k10"], files } } });
}

const values = "auth:\n  oidcAuth:\n    enabled: true\n";

test("each platform's files are written, none that is there is touched, and their names are data", async () => {
  const files = { "env.json": environment({ "k10-values.yaml": values }) };
  const { status, stdout, written } = await gatehouse(["files", "--env", "env.json", "--out", "out", "--json"], { files });
  expect(status).toBe(0);
  expect(written).toEqual({ "out/k10/k10-values.yaml": values });
  expect(JSON.parse(stdout)).toMatchObject({ folder: "out", files: ["k10/k10-values.yaml"] });
  const again = await gatehouse(["files", "--env", "env.json", "--out", "out"], { files: { ...files, "out/k10/k10-values.yaml": "mine" } });
  expect(again).toMatchObject({
    status: 64,
    stderr: expect.stringContaining("Expected no file out/k10/k10-values.yaml, got one.") as string,
  });
  expect(again.written).toBeUndefined();
});

test("a document of somebody else's leads out of no folder", async () => {
  const files = { "env.json": environment({ "../../.bashrc": "evil" }) };
  expect((await gatehouse(["files", "--env", "env.json"], { files })).written).toEqual({ "gatehouse-files/k10/.bashrc": "evil" });
});

test("without any, that is said, and nothing is written", async () => {
  const outcome = await gatehouse(["files", "--env", "env.json"], { files: { "env.json": environment(undefined) } });
  expect(outcome).toMatchObject({ status: 0, stderr: "No platform of this environment has files.\n" });
  expect(outcome.written).toBeUndefined();
});
