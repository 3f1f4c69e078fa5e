import { oktaSchema } from "../../../../model/identity-providers/okta/okta";

const parse = (secret: Record<string, unknown>) => oktaSchema.safeParse({ kind: "okta", orgUrl: "https://example.okta.com", secret });

test("the old secret stays for two weeks unless the stack says otherwise", () => {
  expect(parse({}).data?.secret).toEqual({ overlap: "14d", rotatedOn: [] });
  expect(parse({ rotateEvery: "30d", overlap: "3d" }).data?.secret).toEqual({ rotateEvery: "30d", overlap: "3d", rotatedOn: [] });
});

test.each([
  [{ rotateEvery: "14d" }, "14d"],
  [{ rotateEvery: "7d", overlap: "7d" }, "7d"],
])("%j: an overlap as long as the period would make three", (secret, overlap) => {
  const [issue] = parse(secret).error?.issues ?? [];
  expect(issue?.path).toEqual(["secret", "overlap"]);
  expect(JSON.stringify(issue)).toContain("otherwise three secrets would be valid at once");
  expect(JSON.stringify(issue)).toContain(overlap);
});
