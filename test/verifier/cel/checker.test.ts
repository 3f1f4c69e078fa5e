/** The types of expressions are those that Kubernetes' own checker found (k8s.io/apiserver v0.36.3, pkg/authentication/cel). */
import { Cel } from "../../../verifier/api-server/cel";

const types: readonly (readonly [expression: string, type: string])[] = [
  ["claims.a", "any"],
  ["claims.m.k", "dyn"],
  ["claims.?m.?k.orValue(true)", "dyn"],
  ["claims.m.?k.orValue(true)", "dyn"],
  ["claims.?email_verified.orValue(true)", "any"],
  ["claims[?'n'].orValue(1)", "any"],
  ["optional.of(1).or(optional.none())", "optional_type(int)"],
  ["[]", "list(dyn)"],
  ["{}", "map(dyn, dyn)"],
  ["[[], [1]]", "list(list(int))"],
  ["[1].map(x, x + 1)", "list(int)"],
  ["dyn(claims.g).map(x, [x])", "list(list(dyn))"],
  ["dyn(claims.g).filter(x, x == 'a')", "list(dyn)"],
  ["{'a': 1}.map(k, k)", "list(string)"],
  ["{'a': 1}.transformMap(k, v, string(v))", "map(string, string)"],
  ["['a'].transformMapEntry(i, v, {v: i})", "map(string, int)"],
  ["['b'].transformList(i, v, i)", "list(int)"],
  ["[2, 1].sortBy(x, -x)", "list(int)"],
  ["[1].max()", "int"],
  ["claims.g.max()", "dyn"],
  ["claims.a + 'x'", "string"],
  ["claims.a + claims.e", "dyn"],
  ["1 + claims.n", "int"],
  ["true ? 1 : claims.n", "any"],
  ["true ? claims.m.k : 'x'", "dyn"],
  ["optional.of('a').optMap(v, size(v))", "optional_type(int)"],
  ["optional.of('a').optFlatMap(v, optional.of([v]))", "optional_type(list(string))"],
  ["url(claims.u).getQuery()", "map(string, list(string))"],
  ["type(1)", "type(int)"],
  ["format.named('uri')", "optional_type(kubernetes.NamedFormat)"],
  ["google.protobuf.Timestamp", "type(timestamp)"],
];

test.each(types)("%s is of type %s", async (expression, type) => {
  const cel = await Cel.load();
  expect(cel.problem(expression, "claims", false)).toBeUndefined();
  expect(cel.problem(expression, "claims", true)).toBe(`must evaluate to bool, is ${type}`);
});

test.each(["claims.?email_verified.orValue(true) == true", "!!claims.b == true", "dyn(claims.g).all(x, x != '')", "has(claims.a.b)"])(
  "%s is a bool",
  async (expression) => {
    expect((await Cel.load()).problem(expression, "claims", true)).toBeUndefined();
  },
);

test("a long expression is checked too", async () => {
  const cel = await Cel.load();
  const long = Array.from({ length: 800 }, (_, index) => `'${index}'`).join(", ");
  expect(cel.problem(`[${long}].map(x, x + 'y').exists(x, x == claims.a)`, "claims", true)).toBeUndefined();
});
