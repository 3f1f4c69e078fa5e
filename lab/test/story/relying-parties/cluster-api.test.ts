import { impersonation } from "../../../story/relying-parties/cluster-api";

test("impersonation sends UTF-8 names, one header line a group", () => {
  const headers = impersonation({ username: "okta:zoé", groups: ["okta:Équipe", "okta:b"] });
  expect(Buffer.from(String(headers["impersonate-user"]), "latin1").toString("utf8")).toBe("okta:zoé");
  expect((headers["impersonate-group"] as string[]).map((value) => Buffer.from(value, "latin1").toString("utf8"))).toEqual([
    "okta:Équipe",
    "okta:b",
  ]);
});

test("nobody is impersonated without a name: the call would be the administrator's", () => {
  expect(() => impersonation({ username: "", groups: ["okta:a"] })).toThrow("expected a username, got an empty one");
});
